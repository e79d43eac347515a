"""Where the objects stand of which a rule of the whole repository knows the identity alone."""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Kustomization, Overlay, Place, RenderedObject, Repository


def declared(repository: Repository, overlay: Overlay, item: RenderedObject) -> Place:
    """The file that declares the object, as its name says, or the template; else the overlay's own.

    Of several that its name may come from, by a prefix or a suffix, that is the one which says most of it.
    """
    if item.template:
        return Place(item.template, item.document, ("kind",))
    places = {}
    for path in reversed(overlay.reads):
        file = repository.files.get(path)
        for head in reversed(file.heads) if file else ():
            if (head.api_version, head.kind) == (item.api_version, item.kind) and head.name in item.name:
                places[head.name] = Place(path, head.document, ("kind",))
    return places[max(places, key=len)] if places else Place(overlay.entry)


def moved(repository: Repository, overlay: Overlay, item: RenderedObject) -> Place:
    """Where the namespace of an object is set: by the uppermost kustomization that has it, else by the object."""
    for built in _built(repository, overlay):
        if built.manifest.data.get("namespace") == item.namespace:
            return built.place("namespace")
    place = declared(repository, overlay, item)
    return place._replace(pointer=("metadata", "namespace")) if place.pointer else place


def _built(repository: Repository, overlay: Overlay) -> Iterator[Kustomization]:
    """The kustomizations that an overlay is built of, its own first."""
    directories = [overlay.path, *(path.rpartition("/")[0] for path in overlay.reads)]
    known = (repository.kustomizations.get(directory) for directory in dict.fromkeys(directories))
    return (
        built for built in known if built is not None and (built.manifest.path in overlay.reads or not overlay.reads)
    )
