"""A binding makes somebody cluster-admin.

They may do everything in the whole cluster, read every Secret included. Bind to a role that names what is needed, or,
in one namespace, to `admin`, which holds no rights over the namespace itself. A RoleBinding to `cluster-admin` gives
everything within its namespace, as tenants of Flux have it; that is left alone but for `kube-system`, where it gives
the accounts and Secrets of the cluster itself.

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
_BINDINGS = ("rbac.authorization.k8s.io/ClusterRoleBinding", "rbac.authorization.k8s.io/RoleBinding")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every binding to the ClusterRole `cluster-admin` that gives the whole cluster."""
    for overlay in repository.overlays.values():
        for binding in overlay.of(*_BINDINGS):
            within = binding.kind == "RoleBinding"
            whole = not within or binding.namespace == "kube-system"
            role = (binding.get("roleRef", "kind"), binding.get("roleRef", "name"))
            if whole and role == ("ClusterRole", "cluster-admin"):
                where = " in namespace 'kube-system', where the cluster's own accounts are" if within else ""
                fact = f"{binding.kind} {binding.name!r} makes its subjects cluster-admin{where}"
                remedy = "bind a role that names what they need"
                yield Finding(binding.place("roleRef", "name"), ID, f"{fact}; {remedy}", SEVERITY)
