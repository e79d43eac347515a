"""A manifest stands beside a kustomization that does not list it.

Nothing applies it: an alert, a policy or a disruption budget that somebody believes to be there is not. One that a
comment of the kustomization names is left out on purpose.

Fails:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # budget.yaml
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: web

Passes:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from scaffold.assemble.overlays import is_object
from scaffold.model import Confidence, Finding, Kustomization, Place, Repository, Severity, SourceFile
from scaffold.nearest import near

ID = "orphan-manifest"
SEVERITY = Severity.WARNING
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every file with manifests in a kustomization's directory that no kustomization and no chart reads."""
    read = {path for directory in repository.kustomizations for path in _own(repository, directory)}
    read.update(path for overlay in repository.overlays.values() for path in overlay.reads)
    for path, file in repository.files.items():
        item = repository.kustomizations.get(file.directory)
        if item is None or path in read or not _declares(file):
            continue
        name = posixpath.basename(path)
        if name in repository.files[item.manifest.path].commented or near(name, _absent(repository, item)):
            continue  # it is left out on purpose, or listed, but misspelled
        head = file.heads[0]
        message = (
            f"{head.kind} {head.name!r} in {name!r} is applied by nobody, since the kustomization beside it does not "
            f"list it; add it to resources in {{0}}, or remove the file"
        )
        place = Place(path, head.document, ("kind",), at_key=True)
        yield Finding(place, ID, message, SEVERITY, Confidence.HIGH, "orphan", (item.place("resources"),))


def _own(repository: Repository, directory: str) -> Iterator[str]:
    item = repository.kustomizations[directory]
    yield item.manifest.path
    yield from (reference.target for reference in item.references)


def _absent(repository: Repository, item: Kustomization) -> list[str]:
    """The names that a kustomization gives to files beside it that are not there."""
    absent = (r.target for r in item.references if not r.remote and r.target not in repository.paths)
    return [posixpath.basename(target) for target in absent if posixpath.dirname(target) == item.directory]


def _declares(file: SourceFile) -> bool:
    return any(is_object(head.api_version) and head.kind for head in file.heads)
