"""An object of Flux acts as a ServiceAccount that is not there.

The account is one of the object's own namespace. What acts as nobody may do nothing, so nothing is applied.

Fails:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: tenants
      namespace: flux-system
    spec:
      interval: 10m
      path: ./tenants
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    ---
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
      serviceAccountName: deployer
    # tenants/account.yaml
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: deployers
      namespace: flux-system
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: fast

Passes:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: tenants
      namespace: flux-system
    spec:
      interval: 10m
      path: ./tenants
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    ---
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
      serviceAccountName: deployer
    # tenants/account.yaml
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: deployer
      namespace: flux-system
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: fast
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.flux import partial, presence
from scaffold.model import Finding, Manifest, Repository, Severity
from scaffold.model.flux import Reference
from scaffold.model.values import text

ID = "undefined-service-account"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_KINDS = ("Kustomization", "HelmRelease")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every account that neither files, a chart, the operator nor Kubernetes itself makes."""
    for known in presence.of(repository):
        for manifest in known.cluster.of_kinds(*_KINDS):
            name = text(manifest.get("spec", "serviceAccountName"))
            wanted = Reference("ServiceAccount", manifest.namespace, name)
            if name == "default" or not wanted.is_literal or known.has(wanted):
                continue
            managed = presence.is_managed(known.cluster, manifest.namespace)
            sure = known.is_slip(wanted) if managed else known.is_complete or known.is_near(wanted)
            if (known.lacks(wanted) and sure) or _is_own(repository, manifest):
                fact = f"{manifest.kind} {manifest.name!r} acts as {wanted}, which is not there"
                place = manifest.place("spec", "serviceAccountName")
                yield Finding(place, ID, f"{fact}; {known.remedy(wanted, manifest)}", subject=f"{manifest.name}/{name}")


def _is_own(repository: Repository, manifest: Manifest) -> bool:
    """Tell whether whatever renders an object renders its namespace and accounts in it, as a tenant's base does."""
    makers = partial.makers(repository, manifest)
    return bool(makers) and all(
        any(item.kind == "Namespace" and item.name == manifest.namespace for item in overlay.objects)
        and any(item.kind == "ServiceAccount" and item.namespace == manifest.namespace for item in overlay.objects)
        for overlay in makers
    )
