"""What a repository is held to by its engines and its overlays, beside what it says itself."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from scaffold import load
from scaffold.assemble import admission, applications, argocd_settings, conventions, evaluating, flux, ranks, updated
from scaffold.model import Conventions, Overlay, Repository


def told(repository: Repository, found: applications.Found, planned: Mapping[str, Overlay]) -> Conventions:
    """The conventions of a repository with what its applications, its clusters and its overlays tell."""
    names = (overlay.environment for overlay in planned.values() if overlay.environment)
    synced = any(cluster.syncs for cluster in repository.flux)
    only_flux = synced and not (found.applications or found.sets)
    flux_lets = only_flux or (synced and not _reads_outside(repository, found))
    return dataclasses.replace(
        conventions.inferred(repository.conventions, names),
        only_flux=only_flux,
        unrestricted=flux_lets or argocd_settings.is_loosened(repository),
        completed=admission.completed(repository),
        patched=flux.are_patched(repository.flux),
        metricsql=evaluating.is_victoria_alone(repository, found),
        stages=tuple(sorted(_stages(repository, planned))),
        updated=updated.images(repository, found.applications),
    )


def _stages(repository: Repository, planned: Mapping[str, Overlay]) -> set[str]:
    """The names of environments by which alone the paths of some overlays differ."""
    known = ranks.known(repository.directories)
    found: dict[str, set[str]] = {}
    for overlay in planned.values():
        if name := ranks.part(overlay.path, known):
            found.setdefault(ranks.of_other(overlay.path, name, "*"), set()).add(name)
    return {name for names in found.values() if len({ranks.rank(name) for name in names}) > 1 for name in names}


def _reads_outside(repository: Repository, found: applications.Found) -> bool:
    """Tell whether what Argo CD builds reads a file that is not below the kustomization that names it."""
    known = repository.kustomizations
    entries = {source.path for application in found.applications for source in application.sources} & known.keys()
    leaves = (leaf for path in entries for leaf in load.closure(path, known)[1])
    return any(leaf.text.startswith("../") and not leaf.remote for leaf in leaves)
