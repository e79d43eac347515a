"""A Kustomization of Flux builds a Secret that SOPS has encrypted, and says nothing of decryption.

kustomize-controller refuses to apply the Secret, and with it all that the Kustomization builds.

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
    # apps/database.yaml
    apiVersion: v1
    kind: Secret
    metadata:
      name: database
      namespace: web
    stringData:
      password: ENC[AES256_GCM,data:aGVsbG8=,iv:aGVsbG8=,tag:aGVsbG8=,type:str]
    sops:
      mac: ENC[AES256_GCM,data:aGVsbG8=,iv:aGVsbG8=,tag:aGVsbG8=,type:str]
      version: 3.13.2

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
      decryption:
        provider: sops
        secretRef:
          name: sops-age
    # apps/database.yaml
    apiVersion: v1
    kind: Secret
    metadata:
      name: database
      namespace: web
    stringData:
      password: ENC[AES256_GCM,data:aGVsbG8=,iv:aGVsbG8=,tag:aGVsbG8=,type:str]
    sops:
      mac: ENC[AES256_GCM,data:aGVsbG8=,iv:aGVsbG8=,tag:aGVsbG8=,type:str]
      version: 3.13.2
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity

ID = "encrypted-without-decryption"
SEVERITY = Severity.ERROR
SCOPE = "overlay"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every Kustomization without decryption that builds an encrypted Secret, for the first of them."""
    for overlay in repository.overlays.values():
        encrypted = [m for m in overlay.manifests if m.kind == "Secret" and m.get("sops")]
        if not encrypted or not overlay.build or overlay.build.manifest.get("spec", "decryption"):
            continue
        sync = overlay.build.manifest
        others = f" and {len(encrypted) - 1} more" if len(encrypted) > 1 else ""
        fact = f"Kustomization {sync.name!r} builds Secret {encrypted[0].name!r}{others}, which SOPS has encrypted"
        message = f"{fact}, and has no decryption; add `decryption` with `provider: sops`"
        yield Finding(sync.place("kind", at_key=True), ID, message, subject=sync.name)
