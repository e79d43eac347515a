"""A HelmRelease takes values from an object that is not there.

A ConfigMap or Secret of `valuesFrom` that is not marked `optional` has to be in the namespace of the HelmRelease;
without it the chart is not installed. A chart or a hand may make such objects, so one is named only where another one
is called nearly so, or where it is a ConfigMap and no other chart is released to its namespace.

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
    # apps/release.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: OCIRepository
    metadata:
      name: web
      namespace: web
    spec:
      interval: 1h
      url: oci://registry.example.com/charts/web
      ref:
        tag: 1.2.3
    ---
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: web
      namespace: web
    spec:
      interval: 10m
      chartRef:
        kind: OCIRepository
        name: web
      valuesFrom:
        - kind: ConfigMap
          name: web-value
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web-values
      namespace: web
    data:
      values.yaml: ''

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
    # apps/release.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: OCIRepository
    metadata:
      name: web
      namespace: web
    spec:
      interval: 1h
      url: oci://registry.example.com/charts/web
      ref:
        tag: 1.2.3
    ---
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: web
      namespace: web
    spec:
      interval: 10m
      chartRef:
        kind: OCIRepository
        name: web
      valuesFrom:
        - kind: ConfigMap
          name: web-values
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web-values
      namespace: web
    data:
      values.yaml: ''
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.flux import presence
from scaffold.model import Finding, Repository, Severity, dig, sequence
from scaffold.model.flux import Reference, referred

ID = "undefined-values-source"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such object that nothing makes; another release may make one that nothing is called like."""
    for known in presence.of(repository):
        for manifest in known.cluster.of_kinds("HelmRelease"):
            for index, item in enumerate(sequence(manifest.get("spec", "valuesFrom"))):
                wanted = referred(manifest, "spec", "valuesFrom", index)
                if dig(item, "optional") is True or not known.lacks(wanted):
                    continue
                own = Reference("HelmRelease", manifest.namespace, manifest.name)
                alone = wanted.kind == "ConfigMap" and known.is_complete_in(wanted.namespace, own)
                if not (alone or known.is_near(wanted)):
                    continue
                fact = f"HelmRelease {manifest.name!r} takes values from {wanted}, which is not there"
                place = manifest.place("spec", "valuesFrom", index, "name")
                yield Finding(place, ID, f"{fact}; {known.remedy(wanted)}", subject=f"{manifest.name}/{wanted.name}")
