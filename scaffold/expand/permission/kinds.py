"""Which kinds of objects an AppProject permits (Argo CD 3.5.7, IsGroupKindNamePermitted)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scaffold.expand import paths
from scaffold.expand.permission.verdicts import Verdict, allowed, denied, text
from scaffold.model import Pointer, dig, mapping, sequence


def kind_permitted(project: Mapping[str, Any], group: str, kind: str, name: str, *, namespaced: bool) -> Verdict:
    """Decide on the allow and deny lists of kinds; whether the kind is namespaced is the caller's knowledge."""
    prefix = "namespaceResource" if namespaced else "clusterResource"
    allow: Pointer = ("spec", f"{prefix}Whitelist")
    deny: Pointer = ("spec", f"{prefix}Blacklist")
    checked_name = None if namespaced else name
    denying = _listed(project, deny, group, kind, checked_name)
    if denying is not None:
        return denied((*deny, denying), f"denied by {prefix}Blacklist")
    if namespaced and dig(project, *allow) is None:
        return allowed(allow, f"{prefix}Whitelist is absent, which allows every kind")
    allowing = _listed(project, allow, group, kind, checked_name)
    if allowing is not None:
        return allowed((*allow, allowing), f"allowed by {prefix}Whitelist")
    return denied(allow, f"no entry of {prefix}Whitelist matches")


def _listed(project: Mapping[str, Any], field: Pointer, group: str, kind: str, name: str | None) -> int | None:
    for index, item in enumerate(map(mapping, sequence(dig(project, *field)))):
        if not paths.matches(text(item.get("kind")), kind) or not paths.matches(text(item.get("group")), group):
            continue
        pattern = text(item.get("name"))
        if name is None or not pattern or paths.matches(pattern, name):
            return index
    return None
