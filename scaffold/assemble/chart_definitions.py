"""The definitions that charts make of templates, or that come in packed dependencies: as good as files of their own."""

from __future__ import annotations

import posixpath
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from scaffold import load, parse
from scaffold.discover import LARGEST, Tree
from scaffold.model import SourceFile

_ENDINGS = (".yaml", ".yml")
_PACKED = ".tgz"
_SIGN = "crd"  # in the path of what holds definitions, as those who write charts call it
_MOST = 5 * LARGEST  # bytes of all that an archive holds
_KIND = "kind: CustomResourceDefinition"


def files(tree: Tree) -> list[SourceFile]:
    """What holds definitions; actions of templates are letters in it, and its path is that of a file that is here."""
    return [file for path, stamp in tree.others.items() if stamp.size <= LARGEST for file in _of(tree, path)]


def _of(tree: Tree, path: str) -> Iterator[SourceFile]:
    chart = posixpath.dirname(path)
    if path.endswith(_PACKED):
        if posixpath.basename(chart) == "charts" and posixpath.dirname(chart) in tree.charts:
            yield from _unpacked(tree.root / path, path)
    elif _is_named(path) and any(path.startswith(posixpath.join(each, "templates/")) for each in tree.charts):
        yield from _read(path, load.text(tree.root / path))


def _is_named(path: str) -> bool:
    return path.endswith(_ENDINGS) and _SIGN in path.lower()


def _read(path: str, text: str) -> Iterator[SourceFile]:
    if _KIND in text:
        yield load.source_file(path, parse.plain(text).encode(), keep=True)


def _unpacked(archive: Path, path: str) -> Iterator[SourceFile]:
    """The files of a packed chart; one that cannot be unpacked is the matter of whoever renders it."""
    try:
        texts = dict(_texts(archive))
    except (tarfile.TarError, OSError, EOFError, zlib.error):
        return
    for text in texts.values():
        yield from _read(path, text)


def _texts(archive: Path) -> Iterator[tuple[str, str]]:
    left = _MOST
    with tarfile.open(archive, "r:gz") as packed:
        for member in packed:
            left -= member.size
            if left < 0:
                return
            if member.isfile() and _is_named(member.name):
                content = packed.extractfile(member)
                yield member.name, content.read().decode("utf-8", "replace") if content else ""
