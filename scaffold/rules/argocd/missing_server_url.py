"""Logins by Dex are configured, and the URL of Argo CD is not.

Without `url` in argocd-cm Argo CD takes Dex for not configured, so that nobody logs in by it (3.5). It is looked at
where the whole config map is in the repository: none of its parts has the URL, and no kustomization takes a remote
base.

Fails:

    # argocd-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
      namespace: argocd
    data:
      dex.config: |
        connectors:
          - type: github
            id: github
            name: GitHub
            config:
              clientID: web
              clientSecret: $dex.github.clientSecret

Passes:

    # argocd-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
      namespace: argocd
    data:
      url: https://argocd.example.com
      dex.config: |
        connectors:
          - type: github
            id: github
            name: GitHub
            config:
              clientID: web
              clientSecret: $dex.github.clientSecret
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import argocd_settings
from scaffold.model import Finding, Repository, Severity

ID = "missing-server-url"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_DEX, _URL = "dex.config", "url"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield the one block of Dex that stands in a config map of its own; a chart or an operator sets the URL itself."""
    told = argocd_settings.told(repository, argocd_settings.CM, _DEX)
    if told is None or not told.value.strip() or not told.namespace:
        return
    written = argocd_settings.of_repository(repository, argocd_settings.CM)
    remote = any(item.remote for each in repository.kustomizations.values() for item in each.references)
    if not remote and not any(_URL in each.data for each in written):
        fact = f"{_DEX!r} of argocd-cm is not used, since there is no {_URL!r} beside it, so that nobody logs in by it"
        yield Finding(told.place._replace(at_key=True), ID, f"{fact}; add the URL of Argo CD", subject=_DEX)
