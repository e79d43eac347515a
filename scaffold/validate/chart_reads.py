"""Which of its values a chart takes: what its templates read, and what is for the charts in it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from scaffold import load, parse
from scaffold.expand import chart_values
from scaffold.model import Overlay
from scaffold.model.charts import dependencies, local

Reads = tuple[tuple[str, ...], ...]
_ANCHORED = re.compile(r"^(?P<indent>[ -]*+)(?P<key>[\w.-]++):[ ]++&\w", re.MULTILINE)
_TEXTS = (".md", ".txt.gotmpl", ".lock", ".tgz", ".png", ".svg")
_OPENING = "{{"


def of(root: Path, overlay: Overlay) -> Reads | None:
    """The paths of the values that a chart takes; None where not all of them can be known, or it has no templates.

    A chart that is not here may be a library, whose templates take values of the chart that has it.
    """
    assert overlay.release is not None
    told = _dependencies(root, overlay)
    layers = {path: load.text(root / path) for path in _layers(root, overlay)}
    anchored = [match for text in layers.values() for match in _ANCHORED.finditer(text)]
    if told is None or any(match["indent"] for match in anchored):
        return None
    templates = posixpath.join(overlay.path, "templates/")
    if not any(path.startswith(templates) for path in overlay.reads):
        return None
    texts = [load.text(root / path) for path in overlay.reads if path not in layers and not path.endswith(_TEXTS)]
    found = chart_values.taken((*texts, *(text for text in layers.values() if _OPENING in text)))
    extra = (*((name,) for name in told), *((match["key"],) for match in anchored))
    return None if found is None else tuple(sorted({*found, *extra}))


def _layers(root: Path, overlay: Overlay) -> Iterator[str]:
    assert overlay.release is not None
    for path in (posixpath.join(overlay.path, "values.yaml"), *overlay.release.value_files):
        if (root / path).is_file():
            yield path


def _dependencies(root: Path, overlay: Overlay) -> list[str] | None:
    """The keys under which other charts get their values; None where one is not here, or gives values to this one."""
    try:
        documents = parse.parse(load.text(root / overlay.path / "Chart.yaml")).documents
    except (OSError, parse.YamlError):
        return None
    listed = dependencies(documents[0] if documents else None)
    homes = (
        local(overlay.path, item) or posixpath.join(overlay.path, "charts", str(item.get("name"))) for item in listed
    )
    if any(item.get("import-values") for item in listed) or not all((root / home).is_dir() for home in homes):
        return None
    return [*(str(item.get("alias") or item.get("name")) for item in listed), *_unlisted(root, overlay, listed)]


def _unlisted(root: Path, overlay: Overlay, listed: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The charts that are in a chart without being named by it, which Helm takes all the same."""
    known = {item.get("name") for item in listed}
    inner = root / overlay.path / "charts"
    yield from (path.name for path in inner.iterdir() if path.name not in known) if inner.is_dir() else ()
