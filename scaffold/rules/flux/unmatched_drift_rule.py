"""A rule of `ignore` in a Kustomization of Flux is about no object that it applies.

`ignore` leaves fields as they are in the cluster (Flux 2.9, kustomize-controller 1.9); one whose `target` selects
nothing is as if it were not there, and what it should have spared is reset at the next interval. Only targets with a
name are looked at, and those whose kind is nearly one that is applied.

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
      ignore:
        - target:
            kind: ConfigMap
            name: wbe
          paths:
            - /data/mode
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
      ignore:
        - target:
            kind: ConfigMap
            name: web
          paths:
            - /data/mode
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
from scaffold.assemble.flux import drift_rules
from scaffold.model import Finding, Head, Manifest, Overlay, RenderedObject, Repository, Severity
from scaffold.model.values import text
from scaffold.nearest import slipped
from scaffold.rules import targets

ID = "unmatched-drift-rule"
SEVERITY = Severity.WARNING
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such rule once; what cannot be built is left alone."""
    seen = set()
    hidden = {overlay.build.whole for overlay in repository.overlays.values() if overlay.build}
    syncs = (sync for cluster in repository.flux for sync in cluster.syncs)
    for sync in (sync for sync in syncs if sync.overlay not in hidden):
        overlay = repository.built(sync)
        is_known = overlay and not (overlay.error or overlay.skipped or overlay.partial)
        for finding in _of_sync(sync.manifest, overlay) if overlay and is_known else ():
            if finding.place not in seen:
                seen.add(finding.place)
                yield finding


def _of_sync(sync: Manifest, overlay: Overlay) -> Iterator[Finding]:
    """The rules of `ignore` that are about no object; one whose name has a variable may be any."""
    open_ended = any("${" in f"{item.namespace}{item.name}" for item in overlay.objects)
    for index, (target, _) in enumerate(drift_rules.of(sync) if overlay.objects and not open_ended else ()):
        if (target.get("name") or _is_slip(target, overlay)) and not any(
            drift_rules.selects(target, item) for item in overlay.objects
        ):
            layer = [layers.Candidate(_head(item), {item.name}, {item.namespace}) for item in overlay.objects]
            what = targets.shown(targets.told(target))
            fact = f"Kustomization {sync.name!r} ignores fields of {what}, which no object of {overlay.path!r} is"
            place = sync.place("spec", "ignore", index, "target")
            yield Finding(
                place, ID, f"{fact}; {targets.remedy(target, layer, 'rule')}", SEVERITY, subject=f"{sync.name}/{what}"
            )


def _is_slip(target: Mapping[str, Any], overlay: Overlay) -> bool:
    """Tell whether the kind alone that a rule selects is one of those that are there, but for a letter."""
    return bool(slipped(text(target.get("kind")), {item.kind for item in overlay.objects}))


def _head(item: RenderedObject) -> Head:
    return Head(0, item.api_version, item.kind, item.name, item.namespace)
