"""A HelmRelease takes values from a key that its ConfigMap does not have.

Without `valuesKey` it is `values.yaml`. The release fails with "missing key" until the key is there, unless the entry
is `optional`.

Fails:

    # release.yaml
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: web
      namespace: shop
    spec:
      interval: 10m
      chart:
        spec:
          chart: web
          version: 1.6.0
          sourceRef:
            kind: HelmRepository
            name: charts
      valuesFrom:
        - kind: ConfigMap
          name: web-values
          valuesKey: values.yaml
    # values.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web-values
      namespace: shop
    data:
      common.yaml: |
        replicas: 1
    # charts.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: HelmRepository
    metadata:
      name: charts
      namespace: shop
    spec:
      interval: 1h
      url: https://charts.example.com
    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - charts.yaml
      - release.yaml
      - sync.yaml
      - values.yaml

Passes:

    # release.yaml
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: web
      namespace: shop
    spec:
      interval: 10m
      chart:
        spec:
          chart: web
          version: 1.6.0
          sourceRef:
            kind: HelmRepository
            name: charts
      valuesFrom:
        - kind: ConfigMap
          name: web-values
          valuesKey: common.yaml
    # values.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web-values
      namespace: shop
    data:
      common.yaml: |
        replicas: 1
    # charts.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: HelmRepository
    metadata:
      name: charts
      namespace: shop
    spec:
      interval: 1h
      url: https://charts.example.com
    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - charts.yaml
      - release.yaml
      - sync.yaml
      - values.yaml
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.flux import presence
from scaffold.assemble.references import unhashed
from scaffold.model import Finding, Repository, Severity, dig, sequence
from scaffold.model.flux import Reference, referred
from scaffold.nearest import hint

ID = "missing-values-key"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such key of a ConfigMap that the cluster's Kustomizations render."""
    for known in presence.of(repository):
        for manifest in known.cluster.of_kinds("HelmRelease"):
            for index, item in enumerate(sequence(manifest.get("spec", "valuesFrom"))):
                wanted = referred(manifest, "spec", "valuesFrom", index)
                keys = _keys(known, wanted) if dig(item, "optional") is not True else None
                key = str(dig(item, "valuesKey") or "values.yaml")
                if keys and key not in keys and "${" not in key:
                    fact = f"HelmRelease {manifest.name!r} takes values from key {key!r} of {wanted}, which it has not"
                    field = "valuesKey" if dig(item, "valuesKey") else "name"
                    place = manifest.place("spec", "valuesFrom", index, field)
                    subject = f"{manifest.name}/{wanted.name}/{key}"
                    yield Finding(place, ID, f"{fact}; {hint(key, keys)}", subject=subject)


def _keys(known: presence.Presence, wanted: Reference) -> set[str] | None:
    """The keys of the only ConfigMap that is meant; None where none is rendered, or several are."""
    found = [
        set(item.keys)
        for overlay in known.overlays
        for item in overlay.objects
        if (item.kind, item.namespace, unhashed(item.name)) == ("ConfigMap", wanted.namespace, wanted.name)
    ]
    return found[0] if len(found) == 1 and wanted.kind == "ConfigMap" else None
