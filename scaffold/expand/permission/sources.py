"""Which repositories an AppProject permits (Argo CD 3.5.7, IsSourcePermitted)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scaffold.expand import globs, urls
from scaffold.expand.permission.verdicts import Verdict, allowed, denied, text, unknown
from scaffold.model import Pointer, dig, sequence


def source_permitted(project: Mapping[str, Any], repo_url: str) -> Verdict:
    """Decide on `spec.sourceRepos`: a deny that is hit refuses, a deny that is not hit counts as an allow."""
    field: Pointer = ("spec", "sourceRepos")
    wanted = urls.normalize(repo_url)
    allowing: Verdict | None = None
    for index, entry in enumerate(map(text, sequence(dig(project, *field)))):
        deny = entry.startswith("!")
        pattern = urls.normalize(entry.removeprefix("!"))
        if doubt := globs.doubtful(pattern):
            return unknown((*field, index), f"{doubt} in the project")
        hit = (pattern == "*" and not deny) or globs.matches(pattern, wanted, "/")
        if hit and deny:
            return denied((*field, index), f"denied by '{entry}'")
        if hit is not deny and allowing is None:
            allowing = allowed((*field, index), f"allowed by '{entry}'")
    return allowing or denied(field, "no entry of sourceRepos matches")
