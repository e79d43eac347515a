"""A rule of Argo CD's RBAC policy has a pattern for its subject.

Subjects are compared as they are; patterns count in resource, action and object only. The rule is about a subject of
exactly this name, and there is none.

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
        p, *, applications, get, shop/*, allow

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
        p, role:dev, applications, get, shop/*, allow
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.policies import policies
from scaffold.model import Finding, Repository, Severity

ID = "patterned-policy-subject"
SEVERITY = Severity.ERROR
SCOPE = "file"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every line whose subject, or member, holds an asterisk."""
    for policy in policies(repository):
        for line in policy.lines:
            if "*" in line.fields[0]:
                fact = f"policy line {str(line)!r} is about nobody, since {line.fields[0]!r} is no pattern here"
                message = f"{fact}; name each subject, or set policy.default for everybody"
                yield Finding(line.place, ID, message, subject=str(line))
