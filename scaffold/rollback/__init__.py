"""One application goes back in one environment, by a new commit that touches nothing else, and is held there."""

from __future__ import annotations

import datetime
from pathlib import Path

from scaffold import followed, git, publish
from scaffold.choice import chosen, full_name
from scaffold.errors import RefusedError, ScaffoldError
from scaffold.model import Overlay, Repository
from scaffold.rollback import base, history
from scaffold.rollback.going import Going, Plan, Wanted
from scaffold.rollback.history import Commit

__all__ = ["Plan", "Wanted", "plan"]


def plan(state: followed.State, wanted: Wanted, now: datetime.datetime) -> Plan:
    """Find the earlier state and the files that bring it back.

    Raises RefusedError where the cause is in what others share, and ScaffoldError where there is no such state, or
    where the directory has changes that are not committed.
    """
    root, repository = state.root, state.repository
    (overlay, *_) = chosen(repository, wanted.environment, [wanted.application])
    alone = base.alone(repository, overlay)
    scope = history.scope(overlay.path, [item.path for item in repository.overlays.values()], alone)
    _refuse_uncommitted(root, overlay, scope)
    own = history.changes(root, scope)
    shared = base.shared(overlay, alone)
    target = _target(root, repository, overlay, wanted, own, scope, shared)
    with publish.checkout(root, target.commit) as tree:
        return Going(state, overlay, shared, wanted, now, target, tree).plan(scope, own)


def _refuse_uncommitted(root: Path, overlay: Overlay, scope: list[str]) -> None:
    if git.run(root, "status", "--porcelain", "--untracked-files=all", "--", *scope).strip():
        raise ScaffoldError(f"{overlay.path} has changes that are not committed; commit or remove them first")


def _target(
    root: Path,
    repository: Repository,
    overlay: Overlay,
    wanted: Wanted,
    own: list[Commit],
    scope: list[str],
    shared: list[str],
) -> Commit:
    if wanted.to:
        return history.named(root, wanted.to, own, scope)
    newest = base.newest(root, shared, own)
    if newest and not wanted.pin:
        raise RefusedError(_cause(root, repository, overlay, shared, newest))
    if newest:
        return history.named(root, f"{newest.commit}^", own, scope)
    found = history.last_good(root, own, scope)
    if found is None:
        raise ScaffoldError(f"{overlay.path} has no earlier state; name a commit or a version with --to")
    return found


def _cause(root: Path, repository: Repository, overlay: Overlay, shared: list[str], newest: Commit) -> str:
    paths = base.changed(root, shared, f"{newest.commit}^") or shared
    others = base.readers(repository, overlay, paths)
    reach = f"; reverting it there also changes {', '.join(others)}" if others else ""
    said = f"the last change of {full_name(overlay)} is in what it shares, {paths[0]} by {newest}{reach}"
    return f"{said}; --pin gives {overlay.environment} alone what it was before, --to goes back in its own files"
