"""Where the objects stand of which a rule of the whole repository knows the identity alone."""

from __future__ import annotations

from scaffold.model import Overlay, Place, RenderedObject, Repository


def declared(repository: Repository, overlay: Overlay, item: RenderedObject) -> Place:
    """The file that declares the object, as its name says, or the template; else the overlay's own."""
    if item.template:
        return Place(item.template, item.document, ("kind",))
    for path in overlay.reads:
        file = repository.files.get(path)
        for head in file.heads if file else ():
            if (head.api_version, head.kind) == (item.api_version, item.kind) and head.name in item.name:
                return Place(path, head.document, ("kind",))
    return Place(overlay.reads[0] if overlay.reads else overlay.path)
