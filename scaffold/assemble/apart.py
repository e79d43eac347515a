"""Which overlays Argo CD deploys to other clusters than others, as far as files tell."""

from __future__ import annotations

from collections.abc import Mapping

from scaffold.assemble import deployed, readers
from scaffold.model import Repository

Cluster = tuple[str, str]  # what makes it comparable, and its name or address


def clusters(repository: Repository) -> Mapping[str, Cluster]:
    """The clusters of overlays that are deployed to one each, by the names of these.

    Two are comparable that one control plane has both by names, or both by addresses.
    """
    return repository.once(_clusters)


def instances(repository: Repository, path: str) -> tuple[str, ...]:
    """The overlays that read a file, by their names; one that nobody knows where there are none."""
    return tuple(overlay.name for overlay in readers.of(repository, path)) or ("",)


def is_met(repository: Repository, overlay: str, path: str) -> bool:
    """Tell whether what stands in a file may come to where an overlay goes."""
    here = clusters(repository).get(overlay)
    there = [clusters(repository).get(reader.name) for reader in readers.of(repository, path)]
    return not there or any(not (here and other) or here[0] != other[0] or here == other for other in there)


def is_own(repository: Repository, overlay: str, path: str) -> bool:
    """Tell whether an overlay reads a file, or has it below one of its kustomizations, as generators read some."""
    found = repository.overlays.get(overlay)
    reads = found.reads if found else ()
    directories = {path.rpartition("/")[0] for path in reads} & repository.kustomizations.keys() - {""}
    return path in reads or any(path.startswith(f"{directory}/") for directory in directories)


def _clusters(repository: Repository) -> dict[str, Cluster]:
    synced = {sync.overlay for cluster in repository.flux for sync in cluster.syncs}
    told = {name: place for name, place in deployed.places(repository).items() if place[-1] and name not in synced}
    return {name: (f"{plane} {part} {'://' in where}", where) for name, (plane, part, where) in told.items()}
