"""A Role permits every verb, or the same on every resource.

It permits what comes to mind today, and whatever the cluster learns tomorrow: with `*` for verbs that is `escalate` and
`impersonate` too, with `*` for resources it is Secrets.

Fails:

    # role.yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata:
      name: web
    rules:
      - apiGroups:
          - apps
        resources:
          - deployments
        verbs:
          - "*"

Passes:

    # role.yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata:
      name: web
    rules:
      - apiGroups:
          - apps
        resources:
          - deployments
        verbs:
          - get
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity, dig, sequence

ID = "wildcard-role"
SEVERITY = Severity.WARNING
SCOPE = "overlay"
PROFILES = ("security",)
_RBAC = "rbac.authorization.k8s.io"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every list of verbs or resources of a Role that holds `*`."""
    for overlay in repository.overlays.values():
        for role in overlay.of(f"{_RBAC}/Role", f"{_RBAC}/ClusterRole"):
            for index, entry in enumerate(sequence(role.get("rules"))):
                for field in ("verbs", "resources"):
                    if "*" in sequence(dig(entry, field)):
                        message = f"{role.kind} {role.name!r} permits {field} '*'; name those that are needed"
                        place = role.place("rules", index, field, sequence(dig(entry, field)).index("*"))
                        yield Finding(place, ID, message, SEVERITY)
