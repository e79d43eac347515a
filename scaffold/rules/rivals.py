"""Who makes already what a file declares that no kustomization lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scaffold import schemas
from scaffold.assemble import bodies, deployed, readers
from scaffold.model import Head, Kustomization, Overlay, Place, RenderedObject, Repository, SourceFile
from scaffold.model.values import text

_Key = tuple[str, str, str]


class Rival(NamedTuple):
    """An object that is made already, and the overlay that makes it; `same` where the file would be built into that."""

    overlay: Overlay
    item: RenderedObject
    same: bool

    def place(self, repository: Repository) -> Place:
        path, document = bodies.declaring(repository, self.overlay, self.item)
        return Place(path, document)


def elsewhere(repository: Repository, file: SourceFile, item: Kustomization) -> Rival | None:
    """The object of a file that is made of another one: by what builds the kustomization, or goes to its cluster."""
    return next((rival for head in file.heads for rival in _rivals(repository, head, item)), None)


def _rivals(repository: Repository, head: Head, item: Kustomization) -> Iterator[Rival]:
    building = readers.of(repository, item.manifest.path)
    names = {overlay.name for overlay in building}
    reached = {_reached(repository, overlay) for overlay in building} - {""}
    for overlay, made in repository.once(_made).get((head.group, head.kind, head.name), ()):
        if overlay.name in names and made.namespace == _namespace(repository, head, item, overlay):
            yield Rival(overlay, made, same=True)
        elif _is_it(repository, head, item, made) and _reached(repository, overlay) in reached:
            yield Rival(overlay, made, same=False)


def _is_it(repository: Repository, head: Head, item: Kustomization, made: RenderedObject) -> bool:
    """Tell whether an object of that name is the same one: in the namespace that is told, or of the whole cluster."""
    if not made.namespace:
        return schemas.scope(head.api_version, head.kind, repository.own_schemas) == "Cluster"
    return made.namespace == _own_namespace(head, item)


def _reached(repository: Repository, overlay: Overlay) -> str:
    """The cluster that an overlay goes to, by a `kubeConfig` another one; empty where it is not known."""
    cluster = repository.once(deployed.clusters).get(overlay.name, "")
    access = overlay.build.manifest.get("spec", "kubeConfig") if overlay.build else None
    return f"{cluster} {access or ''}" if cluster else ""


def _own_namespace(head: Head, item: Kustomization) -> str:
    return text(item.manifest.get("namespace")) or head.namespace


def _namespace(repository: Repository, head: Head, item: Kustomization, overlay: Overlay) -> str:
    """The namespace that an overlay would give to an object of a kustomization which it builds."""
    if schemas.scope(head.api_version, head.kind, repository.own_schemas) == "Cluster":
        return ""
    top = repository.kustomizations.get(overlay.path)
    return (text(top.manifest.get("namespace")) if top else "") or _own_namespace(head, item)


def _made(repository: Repository) -> Mapping[_Key, list[tuple[Overlay, RenderedObject]]]:
    found: dict[_Key, list[tuple[Overlay, RenderedObject]]] = defaultdict(list)
    for overlay in repository.overlays.values():
        for item in overlay.objects:
            found[item.identity.group, item.kind, item.name].append((overlay, item))
    return found
