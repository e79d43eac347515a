"""A signature without a key is verified, and nobody says whose it has to be.

Cosign then takes a certificate of anybody: whoever can sign at all can sign what the cluster runs.

Fails:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: sources
      namespace: flux-system
    spec:
      interval: 10m
      path: ./sources
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # sources/web.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: OCIRepository
    metadata:
      name: web
      namespace: flux-system
    spec:
      interval: 10m
      url: oci://registry.example.com/web
      ref:
        tag: 1.2.3
      verify:
        provider: cosign

Passes:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: sources
      namespace: flux-system
    spec:
      interval: 10m
      path: ./sources
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # sources/web.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: OCIRepository
    metadata:
      name: web
      namespace: flux-system
    spec:
      interval: 10m
      url: oci://registry.example.com/web
      ref:
        tag: 1.2.3
      verify:
        provider: cosign
        matchOIDCIdentity:
          - issuer: ^https://login.example.com$
            subject: ^https://git.example.com/web$
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity, mapping

ID = "unidentified-signer"
SEVERITY = Severity.WARNING
SCOPE = "repository"
PROFILES = ("strict", "security")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every artifact and chart that is verified so, where a cluster is built, whose patches might say more."""
    for cluster in (each for each in repository.flux if each.syncs):
        for manifest in cluster.of_kinds("HelmChart", "OCIRepository"):
            verify = mapping(manifest.get("spec", "verify"))
            if verify.get("provider") == "cosign" and not (verify.get("secretRef") or verify.get("matchOIDCIdentity")):
                fact = f"{manifest.kind} {manifest.name!r} is verified without a key, and any identity will do"
                place = manifest.place("spec", "verify")
                yield Finding(place, ID, f"{fact}; name whose in matchOIDCIdentity", SEVERITY, subject=manifest.name)
