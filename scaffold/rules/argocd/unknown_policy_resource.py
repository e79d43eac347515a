"""A rule of Argo CD's RBAC policy names a resource that Argo CD does not have.

Nothing is ever asked about it, so the rule does nothing. The short names that `argocd admin settings rbac can` takes,
such as `repo`, are none in a policy. Where the line that was probably meant is there too, this one can go.

Fails:

    # argocd-rbac-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-rbac-cm
      namespace: argocd
    data:
      policy.csv: |
        p, role:dev, application, sync, shop/*, allow
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
        p, role:dev, applications, sync, shop/*, allow
        g, example-org:dev, role:dev
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.policies import RESOURCES, PolicyText, policies
from scaffold.expand.rbac import Line
from scaffold.model import Finding, Repository, Severity
from scaffold.nearest import hint, near

ID = "unknown-policy-resource"
SEVERITY = Severity.ERROR
SCOPE = "file"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every rule whose resource matches none."""
    for policy in policies(repository):
        for line in policy.rules:
            resource = line.fields[1]
            if not any(policy.matches(resource, known) for known in RESOURCES):
                fact = f"policy line {str(line)!r} does nothing, resource {resource!r} is unknown"
                meant = _meant(policy, line)
                told = tuple(each.place for each in meant)
                remedy = f"remove it, since {str(meant[0])!r} ({{0}}) is there" if meant else hint(resource, RESOURCES)
                yield Finding(line.place, ID, f"{fact}; {remedy}", subject=str(line), related=told)


def _meant(policy: PolicyText, line: Line) -> tuple[Line, ...]:
    """The line that was probably meant, where it is there as well: the same but for the nearest resource."""
    subject, resource, *others = line.fields
    meant = (subject, near(resource, RESOURCES), *others)
    return tuple(each for each in policy.rules if each.fields == meant)[:1]
