"""One file, three ways: what it was generated as, what it is now, what it would be generated as."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NamedTuple

from scaffold import git
from scaffold.staging import Content

_MARKER = b"<<<<<<< "
_HERE = "here"


class Conflict(NamedTuple):
    """A file that both sides changed: what was done here, and by the template; markers begin in a line, counted from 1.

    Line 0 means that there are no markers, and the file is as it was here.
    """

    path: str
    here: str
    template: str
    line: int = 0

    def text(self, version: str) -> str:
        """One line for people: both sides, and what to do; without a version, new answers are the other side."""
        place = f"{self.path}:{self.line}" if self.line else self.path
        side, other = ("the template", f", see {version} for the other") if version else ("the new answers", "")
        remedy = "choose between the markers" if self.line else f"it is as it was here{other}"
        return f"{place}: conflict: {self.here} here, {self.template} by {side}; {remedy}"


class Merged(NamedTuple):
    """What a file becomes, and where the two sides contradict each other."""

    content: Content | None
    conflict: Conflict | None = None


def merge(path: str, old: Content | None, here: Content | None, new: Content | None, version: str) -> Merged:
    """Merge one file; what contradicts stays as it is here, between markers where the file is text.

    A file that was deleted here stays deleted. `version` names the template's side in the markers; it is empty where
    new answers are that side.
    """
    if here == old or (new is not None and _same(old, here)):
        return Merged(_in_line_ends_of(here, new))
    if new in (here, old) or _same(new, here):
        return Merged(here)
    conflict = Conflict(path, _deed(old, here), _deed(old, new))
    if here is None or new is None:
        return Merged(here, conflict)
    mode = _mode(old, here, new)
    if here.link or new.link or _binary(here) or _binary(new):
        side = _only_changed(old, here, new)
        return Merged(side._replace(executable=mode)) if side else Merged(here, conflict)
    base = old.data if old and not old.link else b""
    data, line = _three_way(base, here.data, new.data, version)
    return Merged(Content(data, mode), conflict._replace(line=line) if line else None)


def _same(generated: Content | None, here: Content | None) -> bool:
    """Tell whether a file is as generated but for its line ends: those are its owner's."""
    if generated is None or here is None or here.link:
        return False
    return generated[1:] == here[1:] and _is_dos(here.data) and _unix(here.data) == generated.data


def _in_line_ends_of(here: Content | None, new: Content | None) -> Content | None:
    if new is None or here is None or here.link or new.link or not _is_dos(here.data):
        return new
    return new._replace(data=_dos(new.data))


def _mode(old: Content | None, here: Content, new: Content) -> bool:
    was = old.executable if old else False
    return here.executable if here.executable != was else new.executable


def _only_changed(old: Content | None, here: Content, new: Content) -> Content | None:
    """The side whose content counts where the other changed nothing but the mode."""
    if old is not None and (here.data, here.link) == (old.data, old.link):
        return new
    return here if old is not None and (new.data, new.link) == (old.data, old.link) else None


def _deed(old: Content | None, now: Content | None) -> str:
    if now is None:
        return "deleted"
    return "added" if old is None else "changed"


def _three_way(old: bytes, here: bytes, new: bytes, version: str) -> tuple[bytes, int]:
    """The merged text, in the line ends that it has here, and the line where markers begin."""
    dos = _is_dos(here)
    versions = {"here": _unix(here) if dos else here, "old": old, "new": new}
    with tempfile.TemporaryDirectory(prefix="gitops-scaffold-") as directory:
        for name, data in versions.items():
            Path(directory, name).write_bytes(data)
        labels = [part for label in (_HERE, "generated", _other(version)) for part in ("-L", label)]
        git.run(Path(directory), "merge-file", "--quiet", *labels, *versions, check=False)
        result = Path(directory, "here").read_bytes()
    fresh = result.count(_MARKER) > versions["here"].count(_MARKER)
    line = result[: result.index(_MARKER)].count(b"\n") + 1 if fresh else 0
    return (_dos(result) if dos else result), line


def _other(version: str) -> str:
    return f"template {version}" if version else "new answers"


def _binary(content: Content) -> bool:
    return b"\0" in content.data


def _is_dos(data: bytes) -> bool:
    return b"\r\n" in data and data.count(b"\r\n") == data.count(b"\n")


def _unix(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")


def _dos(data: bytes) -> bytes:
    return _unix(data).replace(b"\n", b"\r\n")
