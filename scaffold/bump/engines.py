"""What the engines' own objects say: Argo CD's sources and the files that override them, Flux's image policies."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from scaffold.bump.edits import Spot
from scaffold.bump.reading import Document, Reading
from scaffold.model import Image, Overlay, Pointer, Repository, dig, sequence

_LOCAL = "file://"


def sources(reading: Reading, overlay: Overlay) -> Iterator[tuple[Document, Pointer]]:
    """The sources that only chosen overlays are made from, as they are written, with where they stand."""
    applications = [
        item for item in reading.repository.applications if any(s.path == overlay.path for s in item.sources)
    ]
    names = [".argocd-source.yaml", *(f".argocd-source-{item.name}.yaml" for item in applications)]
    for path in (posixpath.join(overlay.path, name) for name in names):
        if path in reading.repository.files:
            yield from ((Document(Spot(path, number), data), ()) for number, data in enumerate(reading.documents(path)))
    for application in applications:
        place = application.place
        if _is_owned(reading, place.path, place.document):
            for source in application.sources:
                document = Document(Spot(place.path, place.document), reading.documents(place.path)[place.document])
                yield document, source.place.pointer


def _is_owned(reading: Reading, path: str, document: int) -> bool:
    """Tell whether what one manifest creates is made from chosen overlays alone."""
    made = [a for a in reading.repository.applications if (a.place.path, a.place.document) == (path, document)]
    return all(reading.is_chosen(source.path) for item in made for source in item.sources if not source.ref)


def dependencies(reading: Reading, chart: str) -> Iterator[tuple[str, str]]:
    """The charts of this repository that a chart depends on: the key of their values, and their directory."""
    for data in reading.documents(posixpath.join(chart, "Chart.yaml"))[:1]:
        for item in sequence(dig(data, "dependencies")):
            address = dig(item, "repository")
            if isinstance(address, str) and address.startswith(_LOCAL):
                name = str(dig(item, "alias") or dig(item, "name"))
                yield name, posixpath.normpath(posixpath.join(chart, address.removeprefix(_LOCAL)))


def policies(repository: Repository, wanted: Image) -> frozenset[str]:
    """The image policies, `namespace:name`, that choose a version of the wanted image."""
    kinds = {kind: f"image.toolkit.fluxcd.io/{kind}" for kind in ("ImageRepository", "ImagePolicy")}
    images = {
        (item.namespace, item.name)
        for item in repository.manifests(kinds["ImageRepository"])
        if wanted.is_same(str(item.get("spec", "image")))
    }
    found = set()
    for item in repository.manifests(kinds["ImagePolicy"]):
        namespace = item.get("spec", "imageRepositoryRef", "namespace") or item.namespace
        if (namespace, item.get("spec", "imageRepositoryRef", "name")) in images:
            found.add(f"{item.namespace}:{item.name}")
    return frozenset(found)
