"""SOPS encrypted a whole manifest, its kind and its name too.

Kustomize reads these before anything is decrypted: it takes the kind for a kind that nobody knows, and changes nothing
by it or by the name. Flux, which decrypts what kustomize gives, does not support it, and says to encrypt `data` and
`stringData` alone (Flux 2, guide on SOPS). A file that nothing builds, as one that a script decrypts, is not judged.

Fails:

    # kustomization.yaml
    resources:
      - secret.yaml
    # secret.yaml
    apiVersion: ENC[AES256_GCM,data:ZXhhbXBsZQ==,iv:ZXhhbXBsZQ==,tag:ZXhhbXBsZQ==,type:str]
    kind: ENC[AES256_GCM,data:ZXhhbXBsZQ==,iv:ZXhhbXBsZQ==,tag:ZXhhbXBsZQ==,type:str]
    metadata:
      name: ENC[AES256_GCM,data:ZXhhbXBsZQ==,iv:ZXhhbXBsZQ==,tag:ZXhhbXBsZQ==,type:str]
    stringData:
      password: ENC[AES256_GCM,data:ZXhhbXBsZQ==,iv:ZXhhbXBsZQ==,tag:ZXhhbXBsZQ==,type:str]
    sops:
      lastmodified: "2026-01-01T00:00:00Z"
      mac: ENC[AES256_GCM,data:ZXhhbXBsZQ==,iv:ZXhhbXBsZQ==,tag:ZXhhbXBsZQ==,type:str]
      version: 3.9.4

Passes:

    # kustomization.yaml
    resources:
      - secret.yaml
    # secret.yaml
    apiVersion: v1
    kind: Secret
    metadata:
      name: web
    stringData:
      password: ENC[AES256_GCM,data:ZXhhbXBsZQ==,iv:ZXhhbXBsZQ==,tag:ZXhhbXBsZQ==,type:str]
    sops:
      lastmodified: "2026-01-01T00:00:00Z"
      mac: ENC[AES256_GCM,data:ZXhhbXBsZQ==,iv:ZXhhbXBsZQ==,tag:ZXhhbXBsZQ==,type:str]
      encrypted_regex: ^(data|stringData)$
      version: 3.9.4
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, How, Repository, Severity
from scaffold.model.values import is_encrypted

ID = "encrypted-identity"
SEVERITY = Severity.WARNING
SCOPE = "overlay"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every object that is built without a kind that anybody could read."""
    for overlay in repository.overlays.values():
        for manifest in overlay.manifests if overlay.how in (How.FLUX, How.KUSTOMIZE) else ():
            if is_encrypted(manifest.kind) and "sops" in manifest.data:
                fact = "the manifest is encrypted as a whole, its kind and its name too, which Flux does not support"
                message = f"{fact}; encrypt what the keys data and stringData hold, by 'encrypted_regex'"
                yield Finding(manifest.place("kind"), ID, message, SEVERITY, subject="kind")
