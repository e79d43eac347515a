"""A service of Argo CD's notifications takes a key that its Secret does not have.

`$key` in a service of argocd-notifications-cm is replaced with what argocd-notifications-secret holds under that key;
of one that it lacks the text itself is sent, and no notification arrives (Argo CD 3.5). A key ends where a sign is no
letter, digit, dash or underscore. Looked at is a Secret that one ExternalSecret or SealedSecret makes here as a whole,
with all keys listed.

Fails:

    # notifications.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-notifications-cm
      namespace: argocd
    data:
      service.slack: |
        token: $slack-token
    # secret.yaml
    apiVersion: external-secrets.io/v1
    kind: ExternalSecret
    metadata:
      name: argocd-notifications-secret
      namespace: argocd
    spec:
      secretStoreRef:
        kind: ClusterSecretStore
        name: vault
      data:
        - secretKey: slack-bot-token
          remoteRef:
            key: slack

Passes:

    # notifications.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-notifications-cm
      namespace: argocd
    data:
      service.slack: |
        token: $slack-token
    # secret.yaml
    apiVersion: external-secrets.io/v1
    kind: ExternalSecret
    metadata:
      name: argocd-notifications-secret
      namespace: argocd
    spec:
      secretStoreRef:
        kind: ClusterSecretStore
        name: vault
      data:
        - secretKey: slack-token
          remoteRef:
            key: slack
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.assemble import argocd_secrets, argocd_settings, config_keys
from scaffold.model import Finding, Repository, Severity, is_variable
from scaffold.nearest import hint

ID = "missing-service-key"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_SECRET = "argocd-notifications-secret"  # noqa: S105  # its name
_KEY = re.compile(r"\$([A-Za-z0-9_-]+)")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such key where a service names it."""
    for settings in argocd_settings.of_repository(repository, argocd_settings.NOTIFICATIONS):
        makers = argocd_secrets.made(repository, _SECRET, argocd_settings.namespace(repository, settings))
        keys = frozenset(config_keys.keys(makers[0])) if len(makers) == 1 else frozenset()
        for service, line, key in _named(settings) if keys and not any(map(is_variable, keys)) else ():
            if key not in keys:
                fact = f"{service!r} of {settings.name} takes key {key!r}, which Secret {_SECRET!r} ({{0}}) lacks"
                related = (makers[0].place("spec"),)
                message = f"{fact}; {hint(key, keys)}"
                yield Finding(settings.at(service, line), ID, message, subject=f"{service}/{key}", related=related)


def _named(settings: argocd_settings.Settings) -> Iterator[tuple[str, int, str]]:
    """Each key with the service that takes it, and the line there."""
    for service, value in settings.data.items():
        if not str(service).startswith("service.") or not isinstance(value, str) or is_variable(value):
            continue
        for number, line in enumerate(value.split("\n")):
            if not line.lstrip().startswith("#"):
                yield from ((service, number, found[1]) for found in _KEY.finditer(line))
