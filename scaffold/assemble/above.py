"""What engines add to a directory, so that its own patches meet more than its files tell."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.assemble import flux
from scaffold.assemble.flux import written
from scaffold.model import Manifest, Repository, dig, mapping, sequence
from scaffold.model.flux import SYNC
from scaffold.model.values import text

_FLEET = ("fleet.yaml", "fleet.yml")  # of Rancher


def has_more(repository: Repository, directory: str) -> bool:
    """Tell whether an engine adds anything to a directory."""
    return is_charted(repository, directory) or bool(components(repository, directory))


def components(repository: Repository, directory: str) -> frozenset[str]:
    """The components that Kustomizations of Flux add to a directory that they build."""
    return frozenset(component for path, component in taken(repository) if path == directory)


def taken(repository: Repository) -> frozenset[tuple[str, str]]:
    """Every directory with a component that a Kustomization of Flux adds to it."""
    return repository.once(_components)


def _components(repository: Repository) -> frozenset[tuple[str, str]]:
    built = ((overlay.path, overlay.build) for overlay in repository.overlays.values() if overlay.build)
    builds = ((path, start) for path, build in built for start in flux.starts(path, build))
    alone = (pair for manifest in repository.manifests("/".join(SYNC)) for pair in _told(manifest))
    return frozenset((path, start) for path, start in (*builds, *alone) if path != start)


def _told(manifest: Manifest) -> Iterator[tuple[str, str]]:
    path = posixpath.normpath(f"/{text(manifest.get('spec', 'path'))}").lstrip("/")
    return ((path, component) for component in written.components(path, manifest.get("spec", "components")))


def is_charted(repository: Repository, directory: str) -> bool:
    """Tell whether Fleet adds what a chart makes to a directory, as a `fleet.yaml` above it says."""
    return directory in repository.once(_charted)


def _charted(repository: Repository) -> frozenset[str]:
    files = (file for path, file in repository.files.items() if posixpath.basename(path) in _FLEET)
    return frozenset(
        posixpath.normpath(posixpath.join(file.directory, directory))
        for file in files
        for document in file.documents or ()
        for directory in _over_charts(mapping(document), charted=file.directory in repository.charts)
    )


def _over_charts(bundle: Mapping[str, Any], *, charted: bool) -> Iterator[str]:
    for item in (bundle, *map(mapping, sequence(bundle.get("targetCustomizations")))):
        directory = text(dig(item, "kustomize", "dir"))
        if directory and (charted or bundle.get("helm") or item.get("helm")):
            yield directory
