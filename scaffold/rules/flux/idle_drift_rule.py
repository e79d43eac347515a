"""A HelmRelease says which drift to ignore, and looks for none.

Without a `mode` drift detection is off, so that whatever else is changed in the cluster stays as well.

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
      driftDetection:
        ignore:
          - paths:
              - /spec/replicas

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
      driftDetection:
        mode: enabled
        ignore:
          - paths:
              - /spec/replicas
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity, sequence

ID = "idle-drift-rule"
SEVERITY = Severity.WARNING
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such release; where no cluster is built, a patch may add the mode."""
    for cluster in (each for each in repository.flux if each.syncs):
        for manifest in cluster.of_kinds("HelmRelease"):
            told = sequence(manifest.get("spec", "driftDetection", "ignore"))
            mode = manifest.get("spec", "driftDetection", "mode")
            if told and mode in (None, "", "disabled"):
                fact = f"HelmRelease {manifest.name!r} ignores drift, and detects none"
                message = f"{fact}; set driftDetection.mode to 'enabled' or 'warn', or remove what it ignores"
                place = manifest.place("spec", "driftDetection", at_key=True)
                yield Finding(place, ID, message, SEVERITY, subject=manifest.name)
