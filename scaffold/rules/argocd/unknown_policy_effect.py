"""A rule of Argo CD's RBAC policy has an effect that is neither allow nor deny.

The rule is read without a complaint and has no effect: `Allow` and `permit` grant nothing, `Deny` denies nothing.

Fails:

    # argocd-rbac-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-rbac-cm
      namespace: argocd
    data:
      policy.csv: |
        p, role:dev, applications, delete, shop/*, Deny
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
        p, role:dev, applications, delete, shop/*, deny
        g, example-org:dev, role:dev
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.policies import policies
from scaffold.model import Finding, Repository, Severity
from scaffold.nearest import near

ID = "unknown-policy-effect"
SEVERITY = Severity.ERROR
SCOPE = "file"
_KNOWN = ("allow", "deny")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such rule; one with a comment in its effect has a rule of its own."""
    for policy in policies(repository):
        for line in policy.rules:
            effect = line.fields[4]
            if effect in _KNOWN or "#" in effect:
                continue
            guess = near(effect.strip().lower(), _KNOWN)
            remedy = f"did you mean {guess!r}?" if guess else "write allow or deny"
            fact = f"policy line {str(line)!r} does nothing, its effect {effect!r} is unknown"
            yield Finding(line.place, ID, f"{fact}; {remedy}", subject=str(line))
