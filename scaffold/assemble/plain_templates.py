"""Templates of a chart in which Helm has nothing to fill in: their objects are as they stand, rendered or not."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path

from scaffold import parse
from scaffold.errors import ScaffoldError
from scaffold.model import Manifest, Overlay

_ENDINGS = (".yaml", ".yml")


def of(root: Path, overlay: Overlay) -> Iterator[Manifest]:
    """The objects that such templates of a chart hold; those of its dependencies may be switched off."""
    directory = posixpath.join(overlay.path, "templates/")
    for path in overlay.reads:
        if path.startswith(directory) and path.endswith(_ENDINGS) and not posixpath.basename(path).startswith("_"):
            for number, item in enumerate(_documents(root / path)):
                if isinstance(item, Mapping) and isinstance(item.get("kind"), str):
                    yield Manifest(item, path, number, overlay.path or ".")


def _documents(path: Path) -> list[object]:
    try:
        text = path.read_text(encoding="utf-8")
        return [] if "{{" in text else list(parse.documents(text, str(path)))
    except (OSError, UnicodeDecodeError, ScaffoldError):
        return []
