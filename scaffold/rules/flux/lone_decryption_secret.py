"""A Kustomization of Flux decrypts with a Secret that is called nearly as the one that the others use.

The key of SOPS is put into a cluster once, by hand, so no file tells what it is called. Where only one Kustomization
names it so, and several name another one that differs in a letter or two, it is a slip of the pen.

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
      decryption:
        provider: sops
        secretRef:
          name: sops-age
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: shop
      namespace: flux-system
    spec:
      interval: 10m
      path: ./shop
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
      decryption:
        provider: sops
        secretRef:
          name: sops-age
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: infra
      namespace: flux-system
    spec:
      interval: 10m
      path: ./infra
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
      decryption:
        provider: sops
        secretRef:
          name: sops-aeg
    # apps/a.yaml
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
    # shop/a.yaml
    apiVersion: v1
    kind: Secret
    metadata:
      name: shop
      namespace: web
    stringData:
      password: ENC[AES256_GCM,data:aGVsbG8=,iv:aGVsbG8=,tag:aGVsbG8=,type:str]
    sops:
      mac: ENC[AES256_GCM,data:aGVsbG8=,iv:aGVsbG8=,tag:aGVsbG8=,type:str]
      version: 3.13.2
    # infra/a.yaml
    apiVersion: v1
    kind: Secret
    metadata:
      name: infra
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
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: shop
      namespace: flux-system
    spec:
      interval: 10m
      path: ./shop
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
      decryption:
        provider: sops
        secretRef:
          name: sops-age
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: infra
      namespace: flux-system
    spec:
      interval: 10m
      path: ./infra
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
      decryption:
        provider: sops
        secretRef:
          name: infra-key
    # apps/a.yaml
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
    # shop/a.yaml
    apiVersion: v1
    kind: Secret
    metadata:
      name: shop
      namespace: web
    stringData:
      password: ENC[AES256_GCM,data:aGVsbG8=,iv:aGVsbG8=,tag:aGVsbG8=,type:str]
    sops:
      mac: ENC[AES256_GCM,data:aGVsbG8=,iv:aGVsbG8=,tag:aGVsbG8=,type:str]
      version: 3.13.2
    # infra/a.yaml
    apiVersion: v1
    kind: Secret
    metadata:
      name: infra
      namespace: web
    stringData:
      password: ENC[AES256_GCM,data:aGVsbG8=,iv:aGVsbG8=,tag:aGVsbG8=,type:str]
    sops:
      mac: ENC[AES256_GCM,data:aGVsbG8=,iv:aGVsbG8=,tag:aGVsbG8=,type:str]
      version: 3.13.2
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from scaffold.assemble.flux import presence
from scaffold.model import Confidence, Finding, Repository, Severity, Sync
from scaffold.model.flux import Reference
from scaffold.model.values import text
from scaffold.nearest import near, slipped

ID = "lone-decryption-secret"
SEVERITY = Severity.WARNING
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such Kustomization, unless the Secret is in the files."""
    everywhere = Counter(_secret(sync).name for cluster in repository.flux for sync in cluster.syncs)
    for known in presence.of(repository):
        secrets = {sync.reference: _secret(sync) for sync in known.cluster.syncs}
        often = Counter(secrets.values())
        usual = [secret.name for secret, count in often.items() if count > 1]
        for sync in known.cluster.syncs:
            wanted = secrets[sync.reference]
            lone = wanted.is_literal and often[wanted] == 1
            others = [name for name, count in everywhere.items() if count > 1]
            guess = near(wanted.name, usual) or slipped(wanted.name, others) if lone else ""
            if guess and guess != wanted.name and not known.tells(wanted):
                name = sync.manifest.name
                message = f"Kustomization {name!r} alone decrypts with {wanted}; did you mean {guess!r}?"
                place = sync.manifest.place("spec", "decryption", "secretRef", "name")
                yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, f"{name}/{wanted.name}")


def _secret(sync: Sync) -> Reference:
    name = text(sync.manifest.get("spec", "decryption", "secretRef", "name"))
    return Reference("Secret", sync.manifest.namespace, name)
