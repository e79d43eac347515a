"""Ask a rule what it finds; one that fails is a bug of ours, which takes nothing from what all others say."""

from __future__ import annotations

import posixpath
import traceback
from collections.abc import Iterator, Mapping
from types import TracebackType

from scaffold.errors import ISSUES, ScaffoldError
from scaffold.model import Finding, Manifest, Place, Repository, SourceFile
from scaffold.rules import Rule


def findings(rule: Rule, repository: Repository) -> Iterator[Finding]:
    """What a rule finds, up to where it fails; that it failed is a finding too."""
    try:
        yield from rule.check(repository)
    except (ScaffoldError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001  # whatever a rule did not think of
        yield _failure(rule, repository, error)


def _failure(rule: Rule, repository: Repository, error: Exception) -> Finding:
    last = traceback.extract_tb(error.__traceback__)[-1]
    what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    fact = f"rule {rule.ID!r} failed here, {what} at {posixpath.basename(last.filename)}:{last.lineno}"
    message = f"{fact}, a bug of gitops-scaffold; report it at {ISSUES}"
    return Finding(_place(repository, error.__traceback__), rule.ID, message, subject=f"bug/{type(error).__name__}")


def _place(repository: Repository, trace: TracebackType | None) -> Place:
    """What the rule looked at: the only file there is, or what the innermost of its frames held, or where it builds."""
    if len(repository.files) == 1:
        return Place(next(iter(repository.files)))
    for frame in [frame for frame, _ in traceback.walk_tb(trace)][::-1]:
        path = _path(frame.f_locals)
        if path in repository.files:
            return Place(path)
    overlays = list(repository.overlays.values()) if len(repository.overlays) == 1 else []
    read = [path for overlay in overlays for path in overlay.reads if path in repository.files]
    own = (path for path in read if posixpath.dirname(path) == overlays[0].path)
    return Place(next(own, next(iter(read), "")))


def _path(values: Mapping[str, object]) -> str:
    held = (value for value in list(values.values())[::-1] if isinstance(value, Manifest | SourceFile))
    return next((value.path for value in held if value.path), "")
