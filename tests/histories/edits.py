"""What people do to the files of a repository, at random, and what has to have become of it after an update."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scaffold import answers
from scaffold.staging import Content, put, read

_FRESH = (
    "own.yaml",
    "docs/guide/a.md",
    "base/pod-disruption-budget.yaml",
    "base/service.yaml",
    "namespaces/dev/limits.yaml",
)


@dataclass(frozen=True)
class Edit:
    """One edit: at a path, what was done, and a mark that stands in it and nowhere else, if its kind leaves one."""

    path: str
    deed: str
    mark: bytes = b""


def apply(root: Path, chance: random.Random, count: int) -> list[Edit]:
    """Edit some files of a repository, each once, and tell what was done."""
    paths = sorted(_files(root))
    chance.shuffle(paths)
    done: list[Edit] = []
    for number in range(count):
        deed = chance.choice(list(_DEEDS))
        mark = f"mark{chance.getrandbits(48):012x}n{number}".encode()
        done += _DEEDS[deed](root, paths, chance, mark)
    return done


def _files(root: Path) -> Iterator[str]:
    for path in root.rglob("*"):
        inner = path.relative_to(root)
        if inner.parts[0] != ".git" and path.name != answers.NAME and (path.is_symlink() or path.is_file()):
            yield inner.as_posix()


def _text(root: Path, paths: list[str]) -> str:
    """Take a path whose file is text."""
    for path in paths:
        content = read(root / path)
        if content and not content.link and b"\0" not in content.data:
            paths.remove(path)
            return path
    raise AssertionError("there are more texts than edits")


def _value(root: Path, paths: list[str], chance: random.Random, mark: bytes) -> Iterator[Edit]:
    path = _text(root, paths)
    lines = (root / path).read_bytes().splitlines(keepends=True)
    number = chance.randrange(len(lines))
    body = lines[number].rstrip(b"\r\n")
    lines[number] = body + b" " + mark + lines[number][len(body) :]
    (root / path).write_bytes(b"".join(lines))
    yield Edit(path, "value", mark)


def _comment(root: Path, paths: list[str], chance: random.Random, mark: bytes) -> Iterator[Edit]:
    path = _text(root, paths)
    lines = (root / path).read_bytes().splitlines(keepends=True)
    lines.insert(chance.randrange(len(lines) + 1), b"# " + mark + b"\n")
    (root / path).write_bytes(b"".join(lines))
    yield Edit(path, "comment", mark)


def _unfinished(root: Path, paths: list[str], chance: random.Random, mark: bytes) -> Iterator[Edit]:
    """A last line without a line break."""
    path = _text(root, paths)
    (root / path).write_bytes((root / path).read_bytes() + mark)
    yield Edit(path, "unfinished", mark)


def _new(root: Path, paths: list[str], chance: random.Random, mark: bytes) -> Iterator[Edit]:
    """A new file, at times where the template will write one, or move one to."""
    if chance.random() < 0.7:
        directory = Path(chance.choice(paths)).parent
        path = (directory / f"own-{mark[-4:].decode()}.yaml").as_posix()
    else:
        layer = chance.choice(("", "teams/checkout/", "apps/checkout/payments/"))
        path = layer + chance.choice(_FRESH)
    if not (root / path).exists():
        put(root / path, Content(b"own: " + mark + b"\n"))
        yield Edit(path, "new", mark)


def _delete(root: Path, paths: list[str], chance: random.Random, mark: bytes) -> Iterator[Edit]:
    path = paths.pop()
    (root / path).unlink()
    yield Edit(path, "delete")


def _rename(root: Path, paths: list[str], chance: random.Random, mark: bytes) -> Iterator[Edit]:
    """A file under another name, with something in it that tells it from others."""
    path = _text(root, paths)
    other = (Path(path).parent / f"renamed-{mark[-4:].decode()}.yaml").as_posix()
    (root / other).write_bytes((root / path).read_bytes() + b"# " + mark + b"\n")
    (root / path).unlink()
    yield Edit(path, "delete")
    yield Edit(other, "new", mark)


def _mode(root: Path, paths: list[str], chance: random.Random, mark: bytes) -> Iterator[Edit]:
    path = _text(root, paths)
    executable = (root / path).stat().st_mode & 0o100
    (root / path).chmod(0o644 if executable else 0o755)
    yield Edit(path, "plain" if executable else "executable")


def _dos(root: Path, paths: list[str], chance: random.Random, mark: bytes) -> Iterator[Edit]:
    path = _text(root, paths)
    (root / path).write_bytes((root / path).read_bytes().replace(b"\n", b"\r\n"))
    yield Edit(path, "dos")


def _link(root: Path, paths: list[str], chance: random.Random, mark: bytes) -> Iterator[Edit]:
    path = paths.pop()
    (root / path).unlink()
    (root / path).symlink_to(mark.decode())
    yield Edit(path, "link", mark)


def _binary(root: Path, paths: list[str], chance: random.Random, mark: bytes) -> Iterator[Edit]:
    path = paths.pop()
    (root / path).unlink()
    (root / path).write_bytes(b"\0\1\2" + mark + b"\0")
    yield Edit(path, "binary", mark)


_DEEDS: dict[str, Callable[[Path, list[str], random.Random, bytes], Iterator[Edit]]] = {
    "value": _value,
    "comment": _comment,
    "unfinished": _unfinished,
    "new": _new,
    "delete": _delete,
    "rename": _rename,
    "mode": _mode,
    "dos": _dos,
    "link": _link,
    "binary": _binary,
}
