"""A layer that is there, written again with other answers and merged with what people changed in it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scaffold import answers, git, staging
from scaffold.errors import ScaffoldError
from scaffold.growth import layers
from scaffold.staging import Content

_MARKER = b"<<<<<<< "


def changes(root: Path, directory: str, changed: Mapping[str, Any]) -> dict[str, Content | None]:
    """The edits, relative to the root, that bring a layer from its recorded answers to changed ones.

    Raises ScaffoldError where a file that has to change holds what is not committed, or what contradicts it.
    """
    layer = answers.read(root / directory)
    with layers.generator(layer) as made:
        old, new = made.render(layer.answers), made.render({**layer.answers, **changed})
    differing = {path for path in {*old, *new} if old.get(path) != new.get(path) and not made.is_seeded(path)}
    names = {path: f"{directory}/{path}" if directory else path for path in sorted({*differing, answers.NAME})}
    layers.refuse_changed(root, *names.values())
    edits: dict[str, Content | None] = {}
    for path, name in names.items():
        present = staging.read(root / name)
        merged = _merged(name, old.get(path), present, new.get(path))
        if merged != present:
            edits[name] = merged
    return edits


def _merged(name: str, old: Content | None, present: Content | None, new: Content | None) -> Content | None:
    """What a file becomes; one that people deleted stays deleted."""
    if present in (old, new):
        return new
    if present is None or old == new:
        return present
    if old is None or new is None:
        fact = f"{name!r} was changed, and the new answers {'write' if old is None else 'delete'} it"
        raise ScaffoldError(f"{fact}; move it away first")
    return Content(_three_way(name, old.data, present.data, new.data), present.executable)


def _three_way(name: str, old: bytes, present: bytes, new: bytes) -> bytes:
    with tempfile.TemporaryDirectory(prefix="gitops-scaffold-") as directory:
        files = {"present": present, "old": old, "new": new}
        for version, data in files.items():
            Path(directory, version).write_bytes(data)
        git.run(Path(directory), "merge-file", "--quiet", *files, check=False)
        result = Path(directory, "present").read_bytes()
    if result.count(_MARKER) > present.count(_MARKER):
        raise ScaffoldError(f"{name!r} was changed in lines that the new answers change too; undo that change first")
    return result
