"""Argo CD's RBAC policy lets a role do something to everything.

A role beside the built-in administrator may use every action, or one that changes something on every resource, or open
a shell in every pod (`exec`), deploy other manifests in the place of those in Git (`override`), or create
ApplicationSets, which make Applications of any project. Whoever is a member of such a role is an administrator by a
detour (Argo CD 3.5).

Fails:

    # argocd-rbac-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-rbac-cm
      namespace: argocd
    data:
      policy.csv: |
        p, role:support, exec, create, */*, allow
        g, example-org:support, role:support

Passes:

    # argocd-rbac-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-rbac-cm
      namespace: argocd
    data:
      policy.csv: |
        p, role:support, exec, create, checkout-dev/*, allow
        g, example-org:support, role:support
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.policies import policies
from scaffold.model import Finding, Repository, Severity

ID = "sweeping-policy-line"
SEVERITY = Severity.WARNING
SCOPE = "file"
PROFILES = ("security",)
_ADMIN = "role:admin"
_EVERYTHING = ("*", "*/*")
_TELLING = {
    ("exec", "create"): "open a shell in every pod",
    ("applications", "override"): "deploy other manifests in the place of every application's own",
    ("applicationsets", "create"): "create ApplicationSets in every project",
}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every rule that allows such a thing."""
    for policy in policies(repository):
        for line in policy.rules:
            subject, resource, action, object_, effect = line.fields
            what = _what(resource, action) if effect == "allow" and object_ in _EVERYTHING else ""
            if what and subject != _ADMIN:
                fact = f"policy line {str(line)!r} lets {subject!r} {what}"
                message = f"{fact}; name the actions and the projects that it needs"
                yield Finding(line.place, ID, message, SEVERITY, subject=str(line))


def _what(resource: str, action: str) -> str:
    if resource == "*" and action != "get":
        return "do everything with every resource" if action == "*" else f"use {action!r} on every resource"
    if action == "*":
        return f"do everything with all {resource}"
    return _TELLING.get((resource, action), "")
