"""What `validate` will find of an adopted application, known before anything is written."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from scaffold import git, staging, validate
from scaffold.growth.plan import Plan
from scaffold.model import LocatedFinding
from scaffold.validate import Options


def findings(root: Path, plan: Plan, options: Options) -> list[LocatedFinding]:
    """The findings that a repository has once a plan is carried out, and has not yet; raises as `validate` does."""
    known = {item.fingerprint for item in validate.validate(root, options).findings}
    with tempfile.TemporaryDirectory(prefix="gitops-scaffold-") as directory:
        copy = Path(directory)
        staging.files(copy, {path: staging.read(root / path) for path in _paths(root)})
        new = {f"{layer}/{path}": content for layer, files in plan.layers.items() for path, content in files.items()}
        staging.files(copy, {**new, **plan.edits})
        return [item for item in validate.validate(copy, options).findings if item.fingerprint not in known]


def _paths(root: Path) -> Iterator[str]:
    """The files of a repository, without what Git ignores."""
    if git.top(root) is None:
        yield from staging.tree(root)
        return
    listed = git.run(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    yield from (path for path in listed.split("\0") if path)
