"""Argo CD's RBAC policy defines a role that nobody is a member of.

Its rules reach nobody: no membership names it, and it is not the default. Mostly a membership is missing, or names
another role.

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
        p, role:ops, applications, *, shop/*, allow

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
        p, role:ops, applications, *, shop/*, allow
        g, example-org:ops, role:ops
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.policies import policies
from scaffold.model import Confidence, Finding, Repository, Severity

ID = "unbound-policy-role"
SEVERITY = Severity.WARNING
SCOPE = "file"
_BUILTIN = ("role:admin", "role:readonly")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield the first rule of every such role; where the main key is elsewhere, memberships may be too."""
    for policy in policies(repository):
        bound = {*_BUILTIN, policy.default, *(line.fields[1] for line in policy.memberships)}
        for line in policy.rules if policy.whole else ():
            role = line.fields[0]
            if role.startswith("role:") and "*" not in role and role not in bound:
                bound.add(role)
                fact = f"role {role!r} has rules, and nobody is a member of it"
                message = f"{fact}; add a line 'g, member, {role}', or remove its rules"
                yield Finding(line.place, ID, message, SEVERITY, Confidence.MEDIUM, role)
