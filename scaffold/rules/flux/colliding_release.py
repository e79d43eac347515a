"""Two HelmReleases of one cluster are one release for Helm.

A release is known by its name and the namespace that its history is stored in: `releaseName`, else `targetNamespace`
and the object's name, else that name alone; and `storageNamespace`, else the object's namespace. Two objects with the
same pair upgrade each other's release at every interval, and deleting one uninstalls both.

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
    ---
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: shop
      namespace: web
    spec:
      interval: 10m
      chartRef:
        kind: OCIRepository
        name: web
      releaseName: web

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
    ---
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: shop
      namespace: web
    spec:
      interval: 10m
      chartRef:
        kind: OCIRepository
        name: web
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.flux import destinations
from scaffold.model import Finding, FluxCluster, Manifest, Repository, Severity
from scaffold.model.values import text

ID = "colliding-release"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_Release = tuple[str, str, str]


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every HelmRelease whose release an earlier one has; what is written twice is one of them alone."""
    for cluster in repository.flux:
        yield from _of(cluster)


def _of(cluster: FluxCluster) -> Iterator[Finding]:
    first: dict[_Release, Manifest] = {}
    for manifest in filter(_installs, cluster.of_kinds("HelmRelease")):
        release = _release(manifest)
        earlier = first.setdefault(release, manifest)
        if earlier.identity != manifest.identity and "${" not in "".join(release):
            fact = f"HelmRelease {manifest.name!r} is release {release[1]!r} of namespace {release[0]!r}"
            message = f"{fact}, as HelmRelease {earlier.name!r} ({{0}}) is; give it a release name of its own"
            place, other = (item.place("spec", "releaseName") for item in (manifest, earlier))
            yield Finding(place, ID, message, subject="/".join(release[:2]), related=(other,))


def _installs(manifest: Manifest) -> bool:
    """A patch that lies beside what it patches names no chart."""
    return bool(manifest.get("spec", "chart") or manifest.get("spec", "chartRef"))


def _release(manifest: Manifest) -> _Release:
    """Where Helm stores a release, what it calls it, and in which cluster, as helm-controller 1.6 composes them."""
    target = text(manifest.get("spec", "targetNamespace"))
    composed = f"{target}-{manifest.name}" if target else manifest.name
    name = text(manifest.get("spec", "releaseName")) or composed
    storage = text(manifest.get("spec", "storageNamespace")) or manifest.namespace
    return storage, name, destinations.of(manifest)
