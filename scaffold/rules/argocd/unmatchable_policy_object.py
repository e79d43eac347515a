"""A rule of Argo CD's RBAC policy names an object that no question has.

Applications, application sets, logs and shells are asked about as `project/name`, so a project's name alone matches
none of them; an asterisk crosses the slash.

Fails:

    # argocd-rbac-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-rbac-cm
      namespace: argocd
    data:
      policy.csv: |
        p, role:dev, applications, sync, shop, allow
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

from scaffold.assemble.policies import policies
from scaffold.model import Finding, Repository, Severity

ID = "unmatchable-policy-object"
SEVERITY = Severity.ERROR
SCOPE = "file"
_OF_PROJECTS = ("applications", "applicationsets", "exec", "logs")
_PATTERN = frozenset("*?[{\\/")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every rule about something in projects whose object has neither a slash nor a pattern."""
    for policy in policies(repository):
        for line in () if policy.regex else policy.rules:
            _, resource, _, object_, _ = line.fields
            if resource in _OF_PROJECTS and _PATTERN.isdisjoint(object_):
                fact = f"policy line {str(line)!r} does nothing, since {resource} are named as project/name"
                yield Finding(line.place, ID, f"{fact}; did you mean {f'{object_}/*'!r}?", subject=str(line))
