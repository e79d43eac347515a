"""A binding makes somebody cluster-admin.

They may do everything in the whole cluster, read every Secret included. Bind to a role that names what is needed, or,
in one namespace, to `admin`, which holds no rights over the namespace itself.

Fails:

    # binding.yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata:
      name: web
    roleRef:
      apiGroup: rbac.authorization.k8s.io
      kind: ClusterRole
      name: cluster-admin
    subjects:
      - kind: ServiceAccount
        name: web
        namespace: web

Passes:

    # binding.yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata:
      name: web
    roleRef:
      apiGroup: rbac.authorization.k8s.io
      kind: ClusterRole
      name: view
    subjects:
      - kind: ServiceAccount
        name: web
        namespace: web
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity

ID = "bound-cluster-admin"
SEVERITY = Severity.WARNING
SCOPE = "overlay"
PROFILES = ("security",)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every ClusterRoleBinding to the ClusterRole `cluster-admin`."""
    for overlay in repository.overlays.values():
        for binding in overlay.of("rbac.authorization.k8s.io/ClusterRoleBinding"):
            if binding.get("roleRef", "name") == "cluster-admin":
                fact = f"ClusterRoleBinding {binding.name!r} makes its subjects cluster-admin"
                remedy = "bind a role that names what they need"
                yield Finding(binding.place("roleRef", "name"), ID, f"{fact}; {remedy}", SEVERITY)
