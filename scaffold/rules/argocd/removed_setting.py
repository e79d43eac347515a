"""A key of argocd-cm is one that Argo CD reads no more.

Since Argo CD 3.0 nobody reads it, and nobody complains: what it set is gone after the upgrade.

Fails:

    # argocd-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
      namespace: argocd
    data:
      repositories: |
        - url: https://git.example.com/checkout/deploy.git

Passes:

    # argocd-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
      namespace: argocd
    data:
      url: https://argocd.example.com
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import argocd_settings
from scaffold.expand import settings_keys
from scaffold.model import Finding, Repository, Severity

ID = "removed-setting"
SEVERITY = Severity.WARNING
SCOPE = "file"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every key that was taken away."""
    for file in repository.files.values():
        for settings in argocd_settings.of_file(file):
            for key in settings.data if settings.name == argocd_settings.CM else ():
                # An empty value has set nothing, so nothing is gone.
                if (remedy := settings_keys.REMOVED.get(key)) and settings.data[key] not in ("", None):
                    message = f"key {key!r} of {settings.name} is read by no Argo CD since 3.0; {remedy}"
                    yield Finding(settings.at(key, at_key=True), ID, message, SEVERITY, subject=key)
