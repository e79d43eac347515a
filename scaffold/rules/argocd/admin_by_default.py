"""Argo CD's RBAC policy makes everybody an administrator.

`policy.default` counts for every login, and for nobody in particular where anonymous access is on; it is asked first,
so no deny takes anything from it.

Fails:

    # argocd-rbac-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-rbac-cm
      namespace: argocd
    data:
      policy.csv: |
        p, role:dev, applications, sync, shop/*, allow
        g, example-org:dev, role:dev
      policy.default: role:admin

Passes:

    # argocd-rbac-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-rbac-cm
      namespace: argocd
    data:
      policy.csv: |
        p, role:dev, applications, sync, shop/*, allow
        g, example-org:dev, role:dev
      policy.default: role:readonly
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.policies import PolicyText, policies
from scaffold.model import Finding, Repository, Severity

ID = "admin-by-default"
SEVERITY = Severity.ERROR
SCOPE = "file"
_ADMIN = "role:admin"
_WRITING = frozenset(("*", "create", "delete", "override", "update"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a default role that is the administrator, or a role of the same file that may change everything."""
    for policy in policies(repository):
        if policy.default == _ADMIN or any(_is_wide(policy, line.fields) for line in policy.rules):
            fact = f"policy.default {policy.default!r} lets everybody change everything, and no deny takes it back"
            message = f"{fact}; set it to '' or to a role that only reads"
            yield Finding(policy.settings.at("policy.default"), ID, message, subject=policy.default)


def _is_wide(policy: PolicyText, fields: tuple[str, ...]) -> bool:
    subject, resource, action, object_, effect = fields
    of_default = bool(policy.default) and subject == policy.default and effect == "allow"
    return of_default and resource in ("*", "applications") and action in _WRITING and object_ in ("*", "*/*")
