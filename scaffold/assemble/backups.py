"""Backups and snapshots of a cluster's state, which somebody keeps and nobody applies."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scaffold.model import Kustomization, SourceFile

_DIRECTORIES = frozenset("backup backups dump dumps snapshot snapshots".split())
_NAMES = _DIRECTORIES | frozenset("bak before current export exported live old orig original previous".split())
_WORDS = re.compile(r"[._-]")


def is_one(file: SourceFile) -> bool:
    """Tell whether a file was exported from a cluster and is called, or stands in what is called, a backup.

    What tells so may not be about an object, as in the name of a job that makes backups.
    """
    if not file.exported:
        return False
    directory, _, name = file.path.lower().rpartition("/")
    words = _NAMES.intersection(_WORDS.split(name)[:-1])
    words |= _DIRECTORIES.intersection(word for part in directory.split("/") for word in _WORDS.split(part))
    told = " ".join(f"{head.name} {head.kind}".lower() for head in file.heads)
    return any(word.removesuffix("s") not in told for word in words)


def unread(files: Mapping[str, SourceFile], kustomizations: Mapping[str, Kustomization]) -> Mapping[str, SourceFile]:
    """The files, of which backups declare nothing for an engine to follow, but for those that somebody lists."""
    listed = {reference.target for item in kustomizations.values() for reference in item.references}
    return {
        path: file._replace(documents=None) if path not in listed and is_one(file) else file
        for path, file in files.items()
    }
