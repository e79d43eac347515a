"""An object is of an API version that its operator, as the repository installs it, does not serve.

The definitions come with the operator's chart; the API server answers "no matches for kind". Known are the charts of
External Secrets, which serves `v1beta1` no longer since 0.17.0 and `v1` since 0.16.0, and of cert-manager, which serves
nothing but `v1` since 1.6.0. An object is judged by all releases of the chart, of Flux or of Argo CD, on the cluster
that it is deployed to, where their version is told, and nothing is said where the repository has the definition itself,
where values leave the definitions out or serve an old version, or where they come from elsewhere.

Fails:

    # clusters/main/release.yaml
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: external-secrets
      namespace: external-secrets
    spec:
      interval: 1h
      chart:
        spec:
          chart: external-secrets
          version: 0.19.2
          sourceRef:
            kind: HelmRepository
            name: external-secrets
    # clusters/main/secret.yaml
    apiVersion: external-secrets.io/v1beta1
    kind: ExternalSecret
    metadata:
      name: shop
      namespace: shop
    spec:
      secretStoreRef:
        kind: ClusterSecretStore
        name: vault
      dataFrom:
        - extract:
            key: shop
    # clusters/main/flux-system/sync.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: HelmRepository
    metadata:
      name: external-secrets
      namespace: external-secrets
    spec:
      interval: 12h
      url: https://charts.external-secrets.io
    ---
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 1m
      url: https://git.example.com/fleet.git
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./clusters/main
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system

Passes:

    # clusters/main/release.yaml
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: external-secrets
      namespace: external-secrets
    spec:
      interval: 1h
      chart:
        spec:
          chart: external-secrets
          version: 0.19.2
          sourceRef:
            kind: HelmRepository
            name: external-secrets
    # clusters/main/secret.yaml
    apiVersion: external-secrets.io/v1
    kind: ExternalSecret
    metadata:
      name: shop
      namespace: shop
    spec:
      secretStoreRef:
        kind: ClusterSecretStore
        name: vault
      dataFrom:
        - extract:
            key: shop
    # clusters/main/flux-system/sync.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: HelmRepository
    metadata:
      name: external-secrets
      namespace: external-secrets
    spec:
      interval: 12h
      url: https://charts.external-secrets.io
    ---
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 1m
      url: https://git.example.com/fleet.git
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./clusters/main
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from packaging.version import Version

from scaffold.assemble import bodies
from scaffold.model import Finding, Overlay, Place, RenderedObject, Repository, Severity
from scaffold.rules import released
from scaffold.rules.released import Release

ID = "unserved-version"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_PINNED = re.compile(r"[~^]?v?(\d+\.\d+)(\.\d+|\.[xX*])?\Z")


class _Served(NamedTuple):
    """Which versions of its kinds a chart serves: since when, before when, and what to use instead."""

    chart: str
    kinds: frozenset[str]
    since: str
    before: str
    instead: str


_OF_SECRETS = frozenset(("ClusterExternalSecret", "ClusterSecretStore", "ExternalSecret", "SecretStore"))
_OF_CERTIFICATES = frozenset(("Certificate", "CertificateRequest", "ClusterIssuer", "Issuer"))
_SERVED: Mapping[str, _Served] = {
    "external-secrets.io/v1": _Served("external-secrets", _OF_SECRETS, "0.16.0", "", "external-secrets.io/v1beta1"),
    "external-secrets.io/v1beta1": _Served("external-secrets", _OF_SECRETS, "", "0.17.0", "external-secrets.io/v1"),
    **{
        f"cert-manager.io/{version}": _Served("cert-manager", _OF_CERTIFICATES, "", "1.6.0", "cert-manager.io/v1")
        for version in ("v1alpha2", "v1alpha3", "v1beta1")
    },
}
_CHARTS = frozenset(each.chart for each in _SERVED.values())


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every object of a version that no release of the chart on its cluster serves."""
    releases = released.by_cluster(repository, _CHARTS)
    homes = released.homes(repository) if releases else {}
    for name, overlay in repository.overlays.items():
        clusters = homes.get(name, ())
        for item in overlay.objects if clusters else ():
            served = _SERVED.get(item.api_version)
            if served and item.kind in served.kinds and (item.api_version, item.kind) not in repository.own_schemas:
                every = [releases.get((cluster, served.chart), []) for cluster in clusters]
                if all(every) and all(_lacks(served, release.version) for many in every for release in many):
                    yield _finding(repository, overlay, item, served, every[0][0])


def _lacks(served: _Served, version: str) -> bool:
    """Tell whether a version of the chart, or every one that a pattern may mean, does not serve it."""
    found = _PINNED.match(version)
    if not found or (served.since and not re.fullmatch(r"v?\d+\.\d+\.\d+", version)):
        return False
    least = Version(found[1])  # a patch changes nothing that is served
    return least >= Version(served.before) if served.before else least < Version(served.since)


def _finding(
    repository: Repository, overlay: Overlay, item: RenderedObject, served: _Served, release: Release
) -> Finding:
    when = f"since {served.before}" if served.before else f"before {served.since}"
    fact = f"{item.kind} {item.name!r} is of {item.api_version!r}, which chart {served.chart!r} does not serve {when}"
    message = f"{fact}, and {release.who} ({{0}}) installs {release.version}; use {served.instead!r}"
    path, document = bodies.declaring(repository, overlay, item)
    place = Place(path, document, ("apiVersion",))
    return Finding(place, ID, message, SEVERITY, subject=f"{item.kind}/{item.name}", related=(release.place,))
