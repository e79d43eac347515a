"""A Secret that Argo CD's settings refer to lacks the label by which Argo CD finds it.

`$name:key` in `oidc.config` and `dex.config` of argocd-cm is read from Secrets with the label
`app.kubernetes.io/part-of: argocd` alone; of any other the text itself is sent, and nobody logs in (Argo CD 3.5,
`util/settings`). Looked at are Secrets that are made here: written down, sealed, or made by an ExternalSecret, which
passes its own labels on where it has no template. Labels that a kustomization adds count, and where a patch may, or
something else makes a part of the Secret, nothing is said; of several Argo CDs, each is judged by the Secret of its own
overlay, or else by those that are not deployed to another cluster.

Fails:

    # argocd-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
      namespace: argocd
    data:
      url: https://argocd.example.com
      oidc.config: |
        name: Example
        issuer: https://login.example.com
        clientID: argocd
        clientSecret: $argocd-oidc:clientSecret
    # argocd-oidc.yaml
    apiVersion: external-secrets.io/v1
    kind: ExternalSecret
    metadata:
      name: argocd-oidc
      namespace: argocd
    spec:
      secretStoreRef:
        kind: ClusterSecretStore
        name: vault
      data:
        - secretKey: clientSecret
          remoteRef:
            key: oidc

Passes:

    # argocd-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
      namespace: argocd
    data:
      url: https://argocd.example.com
      oidc.config: |
        name: Example
        issuer: https://login.example.com
        clientID: argocd
        clientSecret: $argocd-oidc:clientSecret
    # argocd-oidc.yaml
    apiVersion: external-secrets.io/v1
    kind: ExternalSecret
    metadata:
      name: argocd-oidc
      namespace: argocd
      labels:
        app.kubernetes.io/part-of: argocd
    spec:
      secretStoreRef:
        kind: ClusterSecretStore
        name: vault
      data:
        - secretKey: clientSecret
          remoteRef:
            key: oidc
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.assemble import apart, argocd_secrets, argocd_settings
from scaffold.model import Finding, Manifest, Place, Repository, Severity

ID = "unlabelled-secret"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_LABEL = "app.kubernetes.io/part-of"
_KEYS = ("dex.config", "oidc.config")
_REFERENCE = re.compile(r"""(?<=[\s"'])\$([a-z0-9][a-z0-9.-]*):[\w.-]""")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such Secret once, at what makes it."""
    seen = set()
    for settings, key, line, name in _references(repository):
        maker = _unlabelled(repository, settings, name) if name not in seen else None
        if maker:
            seen.add(name)
            place = settings.at(key, line)
            fact = f"Secret {name!r}, which {key!r} of {settings.name} reads ({{0}}), lacks label {_LABEL!r}"
            message = f"{fact}, so that Argo CD does not find it; give it {f'{_LABEL}: argocd'!r}"
            yield Finding(_place(maker), ID, message, subject=name, related=(place,))


def _unlabelled(repository: Repository, settings: argocd_settings.Settings, name: str) -> Manifest | None:
    """What makes a Secret in some overlay that has the settings, and none with the label is there."""
    namespace = argocd_settings.namespace(repository, settings)
    for overlay in apart.instances(repository, settings.path):
        makers = argocd_secrets.made(repository, name, namespace, overlay)
        if makers and not any(_LABEL in argocd_secrets.labels(repository, maker) for maker in makers):
            return makers[0]
    return None


def _references(repository: Repository) -> Iterator[tuple[argocd_settings.Settings, str, int, str]]:
    """Every Secret that is named, with the line of the setting."""
    for settings in argocd_settings.of_repository(repository, argocd_settings.CM):
        for key in _KEYS:
            value = settings.data.get(key)
            for number, line in enumerate(value.split("\n") if isinstance(value, str) else ()):
                if not line.lstrip().startswith("#"):
                    yield from ((settings, key, number, found[1]) for found in _REFERENCE.finditer(line))


def _place(manifest: Manifest) -> Place:
    """Where the labels are to be written."""
    if manifest.kind == "Secret":
        return manifest.place("metadata", "labels")
    pointer = ("template",) if manifest.kind == "SealedSecret" else ("target", "template")
    return manifest.place("spec", *pointer, "metadata", "labels")
