"""A RoleBinding binds to a Role that nothing renders.

The API server takes it, and it grants nothing. ClusterRoles are not looked at, because a cluster has many of its
own, nor overlays that render no Role.

Fails:

    # binding.yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata:
      name: web
    roleRef:
      apiGroup: rbac.authorization.k8s.io
      kind: Role
      name: web-raeder
    # role.yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata:
      name: web-reader
    rules:
      - apiGroups:
          - ""
        resources:
          - configmaps
        verbs:
          - get

Passes:

    # binding.yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata:
      name: web
    roleRef:
      apiGroup: rbac.authorization.k8s.io
      kind: Role
      name: web-reader
    # role.yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata:
      name: web-reader
    rules:
      - apiGroups:
          - ""
        resources:
          - configmaps
        verbs:
          - get
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import references
from scaffold.model import Finding, Repository, Severity
from scaffold.rules.needing import missing, unmet

ID = "missing-role"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
# What every cluster has in kube-system and kube-public.
_BUILT_IN = ("system:", "extension-apiserver-authentication-reader", "kubeadm:")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every binding whose Role nothing in the repository renders."""
    for overlay in repository.overlays.values():
        for manifest in overlay.of("rbac.authorization.k8s.io/RoleBinding"):
            for need, guess in unmet(overlay, references.of_binding(manifest)):
                if not need.name.startswith(_BUILT_IN):
                    fact = f"RoleBinding {manifest.name!r} binds to Role {need.name!r}, which nothing renders"
                    place = manifest.place(*need.pointer)
                    yield missing(place, ID, fact, need, guess)
