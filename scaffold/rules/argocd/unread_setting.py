"""A key of argocd-cm is none that Argo CD reads.

Nobody complains, and the default counts. Only keys that are almost one of Argo CD's are named: plugins and extensions
may read others (the keys are those of Argo CD 3.5).

Fails:

    # argocd-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
      namespace: argocd
    data:
      url: https://argocd.example.com
      resource.customization.health.example.com_Widget: return {}

Passes:

    # argocd-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
      namespace: argocd
    data:
      url: https://argocd.example.com
      resource.customizations.health.example.com_Widget: return {}
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import argocd_settings
from scaffold.expand import settings_keys
from scaffold.model import Finding, Repository, Severity

ID = "unread-setting"
SEVERITY = Severity.ERROR
SCOPE = "file"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every key that is nearly one."""
    for file in repository.files.values():
        for settings in argocd_settings.of_file(file):
            for key in settings.data if settings.name == argocd_settings.CM else ():
                if guess := settings_keys.meant(key):
                    message = f"key {key!r} of {settings.name} is read by nobody; did you mean {guess!r}?"
                    yield Finding(settings.at(key, at_key=True), ID, message, subject=key)
