"""What a promotion may carry: the images and chart versions that an overlay comes to."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from scaffold import parse, staging
from scaffold.bump import forms, sites, values
from scaffold.bump.reading import Reading
from scaffold.errors import ScaffoldError
from scaffold.model import How, Image, Overlay, Pointer
from scaffold.promote import charts
from scaffold.render import RenderError, builders, kustomize
from scaffold.staging import Content


class Carried(NamedTuple):
    """Images by name and chart versions by what declares them; `mixed` are images that run in several versions."""

    images: Mapping[str, Image]
    charts: Mapping[tuple[str, Pointer], str]
    mixed: frozenset[str]


class _Every(Image):
    """An image that is the same as every other."""

    __slots__ = ()

    def is_same(self, name: str) -> bool:
        return True


EVERY = _Every("")


def carried(reading: Reading, overlay: Overlay, contents: Mapping[str, Content | None] | None = None) -> Carried:
    """What an overlay comes to, perhaps with other contents of its files.

    Raises ScaffoldError where it cannot be built. Kustomizations are rendered. A chart is not, so that nothing has to
    be fetched: its values are read.
    """
    if overlay.how is How.HELM:
        layers = sites.chart_layers(reading, overlay)
        versions = charts.dependencies((*reading.documents(f"{overlay.path}/Chart.yaml"), None)[0])
        return _carried([values.together(layers)] if layers else [], versions)
    documents = built(reading, overlay, contents or {})
    return _carried(documents, charts.charts(documents))


def _carried(documents: Iterable[Any], versions: Mapping[tuple[str, Pointer], str]) -> Carried:
    found: dict[str, Image] = {}
    mixed = set()
    for document in documents:
        for image in (item.before for item in forms.found(document, EVERY) if item.before.version):
            if found.setdefault(image.name, image) != image:
                mixed.add(image.name)
    return Carried({name: image for name, image in found.items() if name not in mixed}, versions, frozenset(mixed))


def built(reading: Reading, overlay: Overlay, contents: Mapping[str, Content | None]) -> list[Any]:
    """The manifests of an overlay, with other contents of some files."""
    known = reading.repository.kustomizations
    if overlay.path not in known:
        return [document for path in overlay.reads for document in reading.documents(path)]
    try:
        if not contents:
            text = kustomize.build(builders.find(), reading.root, overlay.path)
        else:
            with tempfile.TemporaryDirectory(prefix="gitops-scaffold-") as directory:
                _copied(reading.root, Path(directory), overlay, contents)
                text = kustomize.build(builders.find(), Path(directory), overlay.path)
    except RenderError as error:
        raise ScaffoldError(f"{overlay.path} cannot be built, {error}; mend that first") from error
    return parse.documents(text, overlay.path)


def _copied(root: Path, directory: Path, overlay: Overlay, contents: Mapping[str, Content | None]) -> None:
    """The files that an overlay is built from, and those that it is to be built from."""
    for path in overlay.reads:
        if (root / path).is_file():
            (directory / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / path, directory / path)
    staging.files(directory, contents)
