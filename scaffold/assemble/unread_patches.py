"""Patches that only a script reads, or nobody any more: what stands there is not whole, and need not be."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping

from scaffold.model import Head, Overlay, SourceFile

_NAMES = frozenset(("patches", "patch"))
_TOOL = "kustomize"  # what has no kustomization there is for one that a script writes
_WORD = re.compile(r"[-_.]")


def marked(
    planned: Iterable[Overlay], files: Mapping[str, SourceFile], read: frozenset[str], entries: frozenset[str]
) -> Iterator[Overlay]:
    """Plain directories, those of patches as partial: by their name or those of their files, or what else lists them.

    Of what is not such a directory, files that are called like patches are told apart. What an engine applies as it
    is has to be whole.
    """
    listed = {_object(head) for path in read & files.keys() for head in files[path].heads}
    for overlay in planned:
        heads = [head for path in overlay.reads for head in files[path].heads]
        parts = overlay.path.split("/")
        named = not _NAMES.isdisjoint(parts) or parts[-1] == _TOOL or all(map(is_named, overlay.reads))
        if _is_entered(overlay.path, entries):
            yield overlay
        elif named or all(_object(head) in listed for head in heads):
            yield dataclasses.replace(overlay, partial=True)
        else:
            yield dataclasses.replace(overlay, leftovers=tuple(filter(is_named, overlay.reads)))


def is_named(path: str) -> bool:
    """Tell a file that is called like a patch."""
    return not _NAMES.isdisjoint(_WORD.split(path.rpartition("/")[2]))


def _is_entered(path: str, entries: frozenset[str]) -> bool:
    return any(not entry or path == entry or path.startswith(f"{entry}/") for entry in entries)


def _object(head: Head) -> tuple[str, str, str]:
    return head.group, head.kind, head.name
