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

from scaffold.assemble.flux import presence
from scaffold.model import Finding, Repository, Severity
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
            if name == "default" or not known.lacks(wanted):
                continue
            managed = presence.is_managed(known.cluster, manifest.namespace)
            if known.is_slip(wanted) if managed else known.is_complete or known.is_near(wanted):
                fact = f"{manifest.kind} {manifest.name!r} acts as {wanted}, which is not there"
                place = manifest.place("spec", "serviceAccountName")
                yield Finding(place, ID, f"{fact}; {known.remedy(wanted)}", subject=f"{manifest.name}/{name}")
