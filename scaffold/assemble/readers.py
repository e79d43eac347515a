"""Which overlays read a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scaffold.model import Overlay, Repository


def of(repository: Repository, path: str) -> Sequence[Overlay]:
    """The overlays that read a file, in their order; none where nothing does."""
    return repository.once(_readers).get(path, ())


def _readers(repository: Repository) -> Mapping[str, list[Overlay]]:
    found: dict[str, list[Overlay]] = {}
    for overlay in repository.overlays.values():
        for path in dict.fromkeys(overlay.reads):
            found.setdefault(path, []).append(overlay)
    return found
