"""A rule of Argo CD's RBAC policy names an object that no question has.

Applications, application sets, logs and shells are asked about as `project/name`, so a project's name alone matches
none of them; an asterisk crosses the slash. Only outside of the namespace of Argo CD they are
`project/namespace/name`. Projects are asked about by their name, which has no slash.

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

from scaffold.assemble import argocd_settings
from scaffold.assemble.policies import policies
from scaffold.model import Finding, Repository, Severity

ID = "unmatchable-policy-object"
SEVERITY = Severity.ERROR
SCOPE = "file"
_OF_PROJECTS = ("applications", "applicationsets", "exec", "logs")
_PATTERN = frozenset("*?[{\\/")
_CHOICES = frozenset("[{\\")
_NAMESPACED = 3  # parts: project, namespace, name


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every rule about projects, or about something in them, whose object is named otherwise."""
    for policy in policies(repository):
        for line in () if policy.regex else policy.rules:
            if flaw := _flaw(line.fields[1], line.fields[3], argocd_settings.namespace(repository, policy.settings)):
                message = f"policy line {str(line)!r} does nothing, since {flaw}"
                yield Finding(line.place, ID, message, subject=str(line))


def _flaw(resource: str, object_: str, namespace: str) -> str:
    if resource in _OF_PROJECTS and _PATTERN.isdisjoint(object_):
        return f"{resource} are named as project/name; did you mean {f'{object_}/*'!r}?"
    project, *rest = object_.split("/")
    if not rest or not _CHOICES.isdisjoint(object_):
        return ""
    if resource == "projects":
        return f"projects are named without a slash; did you mean {project!r}?"
    if resource in _OF_PROJECTS and namespace and len(rest) + 1 == _NAMESPACED and rest[0] == namespace:
        remedy = f"{project}/{rest[1]}"
        return (
            f"{resource} in Argo CD's own namespace {namespace!r} are named as project/name; did you mean {remedy!r}?"
        )
    return ""
