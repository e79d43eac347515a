"""An allow of Argo CD's RBAC policy is denied as a whole by another line.

A deny wins whatever the order, so an allow of the same subject that a deny covers completely grants nothing.

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
        p, role:dev, applications, *, shop/*, deny
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
        p, role:dev, applications, *, shop/*, allow
        p, role:dev, applications, delete, shop/*, deny
        g, example-org:dev, role:dev
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.policies import policies
from scaffold.expand import globs, rbac
from scaffold.model import Finding, Repository, Severity

ID = "overruled-policy-line"
SEVERITY = Severity.WARNING
SCOPE = "file"
_OTHERS = frozenset("?[{!\\")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every allow with a deny of the same subject whose fields are the same, or wider."""
    for policy in policies(repository):
        denies = [line for line in policy.rules if line.fields[4] == "deny"]
        for line in () if policy.regex else policy.rules:
            covering = next((deny for deny in denies if line.fields[4] == "allow" and _covers(deny, line)), None)
            if covering:
                fact = f"policy line {str(line)!r} grants nothing, {str(covering)!r} denies all of it ({{0}})"
                message = f"{fact}; remove one of them"
                yield Finding(line.place, ID, message, SEVERITY, subject=str(line), related=(covering.place,))


def _covers(deny: rbac.Line, allow: rbac.Line) -> bool:
    pairs = zip(deny.fields[1:4], allow.fields[1:4], strict=True)
    return deny.fields[0] == allow.fields[0] and all(_includes(wide, narrow) for wide, narrow in pairs)


def _includes(wide: str, narrow: str) -> bool:
    """Tell whether a pattern matches all that another one does; asterisks match one as they do a letter."""
    return wide == narrow or (_OTHERS.isdisjoint(wide) and globs.matches(wide, narrow))
