"""A comment stands behind a rule of Argo CD's RBAC policy.

Only a whole line can be a comment. Behind a rule it becomes part of the effect, which is then neither allow nor deny:
an allow grants nothing, and a deny denies nothing. `argocd admin settings rbac validate` calls such a policy valid.

Fails:

    # argocd-rbac-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-rbac-cm
      namespace: argocd
    data:
      policy.csv: |
        p, role:dev, applications, delete, shop/*, deny # never
        g, example-org:dev, role:dev

Passes:

    # argocd-rbac-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-rbac-cm
      namespace: argocd
    data:
      policy.csv: |
        # never
        p, role:dev, applications, delete, shop/*, deny
        g, example-org:dev, role:dev
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.policies import policies
from scaffold.model import Finding, Repository, Severity

ID = "commented-policy-line"
SEVERITY = Severity.ERROR
SCOPE = "file"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every rule whose effect holds a comment."""
    for policy in policies(repository):
        for line in policy.rules:
            effect, sign, _ = line.fields[4].partition("#")
            if sign:
                does = "denies" if effect.strip() == "deny" else "grants"
                fact = f"policy line {str(line)!r} {does} nothing, since the comment is part of its effect"
                yield Finding(line.place, ID, f"{fact}; put the comment on a line of its own", subject=str(line))
