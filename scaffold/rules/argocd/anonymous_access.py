"""Argo CD lets everybody in without a login.

With `users.anonymous.enabled` whoever reaches the server has the rights of `policy.default`, and sees with
`role:readonly` every manifest, every log and every parameter of every application.

Fails:

    # argocd-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
      namespace: argocd
    data:
      url: https://argocd.example.com
      users.anonymous.enabled: "true"

Passes:

    # argocd-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
      namespace: argocd
    data:
      url: https://argocd.example.com
      users.anonymous.enabled: "false"
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import argocd_settings
from scaffold.model import Finding, Repository, Severity

ID = "anonymous-access"
SEVERITY = Severity.WARNING
SCOPE = "file"
_KEY = "users.anonymous.enabled"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every config map, and all values of the chart, that turn it on."""
    for file in repository.files.values():
        for settings in argocd_settings.of_file(file):
            if settings.name == argocd_settings.CM and settings.data.get(_KEY) == "true":
                message = f'{_KEY} lets everybody in without a login; set it to "false", or remove it'
                yield Finding(settings.at(_KEY), ID, message, SEVERITY, subject=_KEY)
