"""A change of many files that survives being killed: written down whole, then carried out, then kept to be undone.

It is written down outside of the work tree, in Git's own directory where there is one. From the moment when that is
done, every next command can finish the change or take it back; before, nothing has happened.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from scaffold import git, staging
from scaffold.errors import ScaffoldError
from scaffold.staging import Content

_OUTSIDE_OF_GIT = ".gitops-scaffold.journal"
_PENDING, _LAST = "pending.json", "last.json"
_WORKSHOP = "workshop"


class Change(NamedTuple):
    """One file of a change, relative to the root: what it was, and what it becomes; None where there is no file."""

    path: str
    before: Content | None
    after: Content | None


@dataclass(frozen=True)
class Journal:
    """A change as it was written down: the command it belongs to, and the commit it started from.

    `disputed` are files that the change leaves to people, so that undoing it may overwrite what they did there.
    """

    command: str
    head: str
    changes: tuple[Change, ...]
    disputed: frozenset[str] = frozenset()


def write(root: Path, contents: Mapping[str, Content | None], command: str, disputed: Iterable[str] = ()) -> None:
    """Write files below a root, or delete those that map to None; killed at any moment, it can be finished or undone.

    After a failure every file is as it was. Raises ScaffoldError for a failure, and where an earlier change was
    interrupted.
    """
    refuse_interrupted(root)
    changes = (Change(path, staging.read(root / path), content) for path, content in contents.items())
    wanted = tuple(change for change in changes if change.before != change.after)
    if not wanted:
        return
    home = _home(root)
    _keep(home, Journal(command, _head(root), wanted, frozenset(disputed)))
    try:
        _carry_out(root, home, wanted)
    except BaseException as error:
        _take_back(root, home, wanted)
        (home / _PENDING).unlink()
        if isinstance(error, OSError):
            place = f"{str(error.filename)!r} " if error.filename else "a file "
            raise ScaffoldError(f"{place}cannot be written, {error.strerror}; nothing was changed") from error
        raise
    _close(home)


def interrupted(root: Path) -> Journal | None:
    """The change that was interrupted, if one was."""
    return _read(_home(root) / _PENDING)


def refuse_interrupted(root: Path) -> None:
    """Raise ScaffoldError where a change was interrupted, with how far it came and the two ways out."""
    journal = interrupted(root)
    if journal:
        done = sum(staging.read(root / change.path) == change.after for change in journal.changes)
        fact = f"'{journal.command}' was interrupted after {done} of {len(journal.changes)} files"
        remedy = "'gitops-scaffold update --continue' finishes it, 'gitops-scaffold update --abort' undoes it"
        raise ScaffoldError(f"{fact}; {remedy}")


def resume(root: Path) -> Journal:
    """Finish what was interrupted; raises ScaffoldError where nothing was, or a file was changed since."""
    home = _home(root)
    journal = _read(home / _PENDING)
    if journal is None:
        raise ScaffoldError("no command was interrupted here; there is nothing to continue")
    _refuse_changed(root, journal, undoing=False)
    _carry_out(root, home, journal.changes)
    _close(home)
    return journal


def undo(root: Path) -> Journal:
    """Take back what was interrupted, or else the last change; raises ScaffoldError where that cannot be done."""
    home = _home(root)
    pending = _read(home / _PENDING)
    journal = pending or _read(home / _LAST)
    if journal is None or (pending is None and journal.head != _head(root)):
        raise ScaffoldError("nothing was written since the last commit; use 'git revert' for what is committed")
    _refuse_changed(root, journal, undoing=True)
    _take_back(root, home, journal.changes)
    for name in (_PENDING, _LAST):
        (home / name).unlink(missing_ok=True)
    _tidy(home)
    return journal


def _refuse_changed(root: Path, journal: Journal, *, undoing: bool) -> None:
    """A file that is neither as before nor as after was changed by somebody, whose work is not ours to overwrite."""
    for path, before, after in journal.changes:
        if staging.read(root / path) in (before, after) or (undoing and path in journal.disputed):
            continue
        raise ScaffoldError(f"{path!r} was changed after '{journal.command}' wrote it; move it away first")


def _carry_out(root: Path, home: Path, changes: Iterable[Change]) -> None:
    for path, _, after in changes:
        _put(root, home, path, after)


def _take_back(root: Path, home: Path, changes: Iterable[Change]) -> None:
    for path, before, _ in changes:
        _put(root, home, path, before)


def _put(root: Path, home: Path, path: str, content: Content | None) -> None:
    target = root / path
    if staging.read(target) == content:
        return
    workshop = home / _WORKSHOP
    workshop.mkdir(exist_ok=True)
    staging.put(target, content, workshop)
    if content is None:
        _prune(root, target.parent)


def _prune(root: Path, directory: Path) -> None:
    """Remove directories that have become empty: Git knows none, and a generator would see them."""
    while directory != root:
        try:
            directory.rmdir()
        except OSError:
            return
        directory = directory.parent


def _keep(home: Path, journal: Journal) -> None:
    """Write a journal down; the link is what makes it count, and it is made by one process only."""
    home.mkdir(parents=True, exist_ok=True)
    draft = home / f"draft-{os.getpid()}"
    draft.write_text(json.dumps(_as_json(journal)), encoding="utf-8")
    try:
        os.link(draft, home / _PENDING)
    except FileExistsError as error:
        raise ScaffoldError("another command is writing here; run this one again when it has ended") from error
    finally:
        draft.unlink()


def _close(home: Path) -> None:
    (home / _PENDING).replace(home / _LAST)
    _tidy(home)


def _tidy(home: Path) -> None:
    shutil.rmtree(home / _WORKSHOP, ignore_errors=True)
    for draft in home.glob("draft-*"):
        draft.unlink(missing_ok=True)
    with suppress(OSError):
        if home.name == _OUTSIDE_OF_GIT and not (home / _LAST).exists():
            home.rmdir()


def _home(root: Path) -> Path:
    found = git.top(root)
    if found is None:
        return root / _OUTSIDE_OF_GIT
    return Path(git.run(root, "rev-parse", "--path-format=absolute", "--git-path", "gitops-scaffold").strip())


def _head(root: Path) -> str:
    return git.run(root, "rev-parse", "--verify", "--quiet", "HEAD", check=False).strip()


def _as_json(journal: Journal) -> dict[str, Any]:
    changes = [[path, _packed(before), _packed(after)] for path, before, after in journal.changes]
    return {
        "command": journal.command,
        "head": journal.head,
        "disputed": sorted(journal.disputed),
        "changes": changes,
    }


def _read(path: Path) -> Journal | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    changes = tuple(Change(name, _unpacked(before), _unpacked(after)) for name, before, after in found["changes"])
    return Journal(found["command"], found["head"], changes, frozenset(found["disputed"]))


def _packed(content: Content | None) -> list[Any] | None:
    return None if content is None else [base64.b64encode(content.data).decode(), content.executable, content.link]


def _unpacked(packed: list[Any] | None) -> Content | None:
    return None if packed is None else Content(base64.b64decode(packed[0]), packed[1], packed[2])
