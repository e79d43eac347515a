"""A tag does nothing for a dependency whose condition is set.

Helm 4.2 looks at the tags of a dependency, and then at its conditions: the first of these that values set to true or
false decides, whatever the tags say. Looked at are charts of this repository with the files of values that they get
here, where the tag says the opposite of a condition that values below have; a condition beside the tag, or above it, is
meant to win, and so is one of a tag that switches another dependency.

Fails:

    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: charts/web
        helm:
          valueFiles:
            - ../../production.yaml
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # production.yaml
    tags:
      storage: false
    # charts/web/Chart.yaml
    apiVersion: v2
    name: web
    version: 1.0.0
    dependencies:
      - name: cache
        version: 2.2.0
        repository: file://../cache
        condition: cache.enabled
        tags:
          - storage
    # charts/cache/Chart.yaml
    apiVersion: v2
    name: cache
    version: 2.2.0
    # charts/cache/templates/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: cache
    data: {}
    # charts/web/values.yaml
    cache:
      enabled: true
    # charts/web/templates/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data:
      mode: fast

Passes:

    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: charts/web
        helm:
          valueFiles:
            - ../../production.yaml
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # production.yaml
    cache:
      enabled: false
    # charts/web/Chart.yaml
    apiVersion: v2
    name: web
    version: 1.0.0
    dependencies:
      - name: cache
        version: 2.2.0
        repository: file://../cache
        condition: cache.enabled
        tags:
          - storage
    # charts/cache/Chart.yaml
    apiVersion: v2
    name: cache
    version: 2.2.0
    # charts/cache/templates/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: cache
    data: {}
    # charts/web/values.yaml
    cache:
      enabled: true
    # charts/web/templates/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data:
      mode: fast
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.model import Finding, Overlay, Place, Pointer, Repository, Severity, sequence
from scaffold.model.charts import dependencies
from scaffold.model.values import text

ID = "overruled-tag"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_TAGS = "tags"


class _Set(NamedTuple):
    """A value, where it is set, and how many layers of values are below that."""

    value: bool | int
    place: Place
    layer: int


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every tag that a release sets against the condition of a dependency."""
    for overlay in repository.overlays.values():
        release = overlay.release
        if release is None or release.open or release.alone or release.values or release.parameters:
            continue
        told = _told(repository, overlay)
        listed = _dependencies(repository, overlay)
        useful = {tag for item in listed if _decided(item, told)[1] is None for tag in _tags(item)}
        for item in listed:
            yield from _against(item, told, useful)


def _tags(item: Mapping[str, Any]) -> list[Pointer]:
    return [(_TAGS, tag) for tag in sequence(item.get("tags")) if isinstance(tag, str)]


def _against(item: Mapping[str, Any], told: Mapping[Pointer, _Set], useful: set[Pointer]) -> Iterator[Finding]:
    """The tag that a later layer of values sets than the condition, and that switches nothing else."""
    condition, known = _decided(item, told)
    flags = [told[tag] for tag in _tags(item) if tag in told and isinstance(told[tag].value, bool)]
    if known is None or not flags or any(flag.value for flag in flags) == known.value:
        return
    if flags[-1].layer <= known.layer or flags[-1].place.pointer in useful:
        return
    name, meant = str(item.get("alias") or item.get("name")), flags[-1]
    fact = f"tag {str(meant.place.pointer[-1])!r} does nothing for the dependency {name!r}"
    reason = f"its condition {condition!r} is {str(known.value).lower()} in {{0}}, which wins"
    message = f"{fact}, {reason}; set {condition!r} instead"
    yield Finding(meant.place, ID, message, SEVERITY, subject=f"{name}/{condition}", related=(known.place,))


def _decided(item: Mapping[str, Any], told: Mapping[Pointer, _Set]) -> tuple[str, _Set | None]:
    """The first condition that values set to true or false."""
    for condition in text(item.get("condition")).strip().split(","):
        known = told.get(tuple(condition.split("."))) if condition else None
        if known is not None and isinstance(known.value, bool):
            return condition, known
    return "", None


def _told(repository: Repository, overlay: Overlay) -> dict[Pointer, _Set]:
    """What the chart's own values and those of its release say, the last of each."""
    files = (posixpath.join(overlay.path, "values.yaml"), *(overlay.release.value_files if overlay.release else ()))
    known = (repository.files[path] for path in files if path in repository.files)
    return {
        key: _Set(value, Place(file.path, pointer=key), layer)
        for layer, file in enumerate(known)
        for key, value in file.telling
    }


def _dependencies(repository: Repository, overlay: Overlay) -> list[Mapping[str, Any]]:
    file = repository.files.get(posixpath.join(overlay.path, "Chart.yaml"))
    return dependencies(file.documents[0]) if file and file.documents else []
