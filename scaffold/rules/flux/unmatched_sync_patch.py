"""A patch of a Flux Kustomization selects an object that is not there.

What a Kustomization says in `patches` and `patchesJson6902` is added to the kustomization of its directory
(kustomize-controller 1.9), and Kustomize says nothing about a `target` that matches no object: the Kustomization is
ready, and the patch is as if it were not there. Only targets with a name are looked at, since one without speaks of
whatever there will be.

Fails:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
      patches:
        - target:
            kind: ConfigMap
            name: wbe
          patch: |
            - op: add
              path: /data/mode
              value: fast
    ---
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 5m
      url: https://git.example.com/platform/fleet.git
      ref:
        branch: main
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: slow

Passes:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
      patches:
        - target:
            kind: ConfigMap
            name: web
          patch: |
            - op: add
              path: /data/mode
              value: fast
    ---
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 5m
      url: https://git.example.com/platform/fleet.git
      ref:
        branch: main
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: slow
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.assemble import layers
from scaffold.model import Finding, Manifest, Overlay, Pointer, Repository, Severity, mapping, sequence
from scaffold.rules import targets

ID = "unmatched-sync-patch"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such patch once; a directory whose objects cannot be known from files is left alone."""
    known: layers.Known = {}
    seen = set()
    for sync in (sync for cluster in repository.flux for sync in cluster.syncs):
        overlay = repository.overlays.get(sync.overlay)
        for finding in _of_sync(repository, sync.manifest, overlay, known) if overlay else ():
            if finding.place not in seen:
                seen.add(finding.place)
                yield finding


def _of_sync(repository: Repository, sync: Manifest, overlay: Overlay, known: layers.Known) -> Iterator[Finding]:
    named = list(_targets(sync))
    if not named or not overlay.build or sequence(sync.get("spec", "components")):
        return
    layer = layers.built(repository, overlay.path, overlay.build.listed, known)
    if layer is None:
        return
    for pointer, target in named:
        if not any(layers.fits(target, candidate) for candidate in layer):
            what = targets.shown(target)
            fact = f"Kustomization {sync.name!r}, patch target {what} matches no object of {overlay.path!r}"
            message = f"{fact}, so the patch does nothing; {targets.remedy(target, layer)}"
            yield Finding(sync.place(*pointer), ID, message, subject=f"{sync.name}/{what}")


def _targets(sync: Manifest) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
    for field in ("patches", "patchesJson6902"):
        for index, entry in enumerate(sequence(sync.get("spec", field))):
            target = targets.told(mapping(mapping(entry).get("target")))
            if target.get("name"):
                yield ("spec", field, index, "target"), target
