"""A Secret has none of the keys that Flux reads of it.

The object that names it is not ready: without `token` a Receiver has no address, without `address` or `token` a
Provider sends nothing. The keys are those of the Secret, or of what makes it (Flux 2.9).

Fails:

    # chat.yaml
    apiVersion: notification.toolkit.fluxcd.io/v1beta3
    kind: Provider
    metadata:
      name: chat
      namespace: flux-system
    spec:
      type: slack
      channel: deploys
      secretRef:
        name: chat
    ---
    apiVersion: external-secrets.io/v1
    kind: ExternalSecret
    metadata:
      name: chat
      namespace: flux-system
    spec:
      secretStoreRef:
        kind: ClusterSecretStore
        name: platform
      data:
        - secretKey: url
          remoteRef:
            key: chat

Passes:

    # chat.yaml
    apiVersion: notification.toolkit.fluxcd.io/v1beta3
    kind: Provider
    metadata:
      name: chat
      namespace: flux-system
    spec:
      type: slack
      channel: deploys
      secretRef:
        name: chat
    ---
    apiVersion: external-secrets.io/v1
    kind: ExternalSecret
    metadata:
      name: chat
      namespace: flux-system
    spec:
      secretStoreRef:
        kind: ClusterSecretStore
        name: platform
      data:
        - secretKey: address
          remoteRef:
            key: chat
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scaffold.assemble import config_keys, naming
from scaffold.assemble.references import Need
from scaffold.model import Finding, Identity, Manifest, Repository, Severity

ID = "missing-secret-key"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_APP = ("githubAppID", "githubAppInstallationID", "githubAppInstallationOwner", "githubAppPrivateKey")
_TLS = ("ca.crt", "caFile", "certFile", "keyFile", "tls.crt", "tls.key")
_LOGIN = ("username", "password", *_TLS)
_PULLING = (".dockerconfigjson",)
_READ: Mapping[str, tuple[str, ...]] = {
    "Bucket": (
        "accesskey",
        "secretkey",
        "serviceaccount",
        "accountKey",
        "sasKey",
        "clientSecret",
        "clientId",
        "tenantId",
    ),
    "GitRepository": (*_LOGIN, *_APP, "bearerToken", "identity", "identity.pub", "known_hosts"),
    "HelmRepository": (*_LOGIN, *_PULLING),
    "ImageRepository": _PULLING,
    "OCIRepository": _PULLING,
    "Provider": (*_LOGIN, *_APP, "address", "headers", "proxy", "token"),
    "Receiver": ("token",),
}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every Secret of which all keys are known, and none is read by the object that names it."""
    for overlay in repository.overlays.values():
        known = config_keys.known(overlay)
        for manifest in overlay.of(*naming.SECRETS):
            for need in naming.named(manifest):
                keys = known.get(Identity("", "Secret", need.namespace, need.name))
                read = _READ.get(manifest.kind)
                if keys and read and keys.isdisjoint(read):
                    yield _finding(manifest, need, keys, read)


def _finding(manifest: Manifest, need: Need, keys: frozenset[str], read: tuple[str, ...]) -> Finding:
    what = f"{manifest.kind} {manifest.name!r}"
    fact = f"{what} reads Secret {need.name!r}, which has only {', '.join(sorted(keys))}"
    named = "address or token" if manifest.kind == "Provider" else " or ".join(read[:2])
    return Finding(manifest.place(*need.pointer), ID, f"{fact}; give it {named}", SEVERITY)
