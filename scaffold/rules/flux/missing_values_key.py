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

from scaffold.assemble.flux import partial, presence
from scaffold.assemble.references import unhashed
from scaffold.model import Finding, Manifest, Overlay, Repository, Severity, dig, sequence
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
                keys = _keys(repository, known, manifest, wanted) if dig(item, "optional") is not True else None
                key = str(dig(item, "valuesKey") or "values.yaml")
                meant = wanted._replace(name=unhashed(wanted.name))
                if keys and key not in keys and "${" not in key:
                    fact = f"HelmRelease {manifest.name!r} takes values from key {key!r} of {meant}, which it has not"
                    field = "valuesKey" if dig(item, "valuesKey") else "name"
                    place = manifest.place("spec", "valuesFrom", index, field)
                    subject = f"{manifest.name}/{wanted.name}/{key}"
                    yield Finding(place, ID, f"{fact}; {hint(key, keys)}", subject=subject)


def _keys(repository: Repository, known: presence.Presence, manifest: Manifest, wanted: Reference) -> set[str] | None:
    """The keys of the only ConfigMap that is meant; None where none is rendered, or several are.

    Where no cluster is told, each overlay that renders the release renders the only one that it can mean.
    """
    around = partial.around(repository, known.cluster, manifest)
    found = [_rendered(overlay, wanted) for overlay in around or known.overlays]
    one = [each for each in found if each]
    told = all(found) if around else len(one) == 1
    alike = told and wanted.kind == "ConfigMap" and all(each == one[0] for each in one) and len(one[0]) == 1
    return set(one[0][0]) if one and alike else None


def _rendered(overlay: Overlay, wanted: Reference) -> list[tuple[str, ...]]:
    """The keys of the ConfigMaps of a name, by the namespace if that is known."""
    return [
        item.keys
        for item in overlay.objects
        if (item.kind, unhashed(item.name)) == ("ConfigMap", unhashed(wanted.name))
        and wanted.namespace in ("", item.namespace)
    ]
