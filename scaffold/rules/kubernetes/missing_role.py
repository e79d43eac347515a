"""A RoleBinding binds to a Role that nothing renders.

The API server takes it, and it grants nothing. A cluster, of OpenShift above all, has many ClusterRoles of its own, so
a binding to one is a flaw only where one that is rendered is called nearly so; overlays that render no Role are not
looked at.

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

from collections.abc import Container, Iterator

from scaffold.assemble import references
from scaffold.assemble.references import Need
from scaffold.model import Finding, Manifest, Overlay, Repository, Severity
from scaffold.nearest import slipped
from scaffold.rules.needing import asked, idle, missing, unmet

ID = "missing-role"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_GROUP = "rbac.authorization.k8s.io"
# What every cluster has in kube-system and kube-public.
_BUILT_IN = ("system:", "extension-apiserver-authentication-reader", "kubeadm:")
# What every cluster of OpenShift has, beside what each of its operators adds.
_OF_OPENSHIFT = frozenset(
    "alert-routing-edit basic-user cluster-monitoring-view cluster-reader cluster-status monitoring-edit "
    "monitoring-rules-edit monitoring-rules-view registry-admin registry-editor registry-viewer self-access-reviewer "
    "self-provisioner storage-admin sudoer user-workload-monitoring-config-edit".split()
)
_USUAL = ("cluster-admin",)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every binding whose Role nothing in the repository renders."""
    for overlay in repository.overlays.values():
        bindings = (*overlay.of(f"{_GROUP}/RoleBinding"), *overlay.of(f"{_GROUP}/ClusterRoleBinding"))
        bound = asked(need for manifest in bindings for need in references.of_binding(manifest))
        for manifest in bindings:
            for need, almost in _lost(overlay, manifest):
                kind, guess = need.kind.rpartition("/")[2], almost or _idle(overlay, need, bound, manifest.name)
                own = need.name.startswith(_BUILT_IN) or (kind == "ClusterRole" and need.name in _OF_OPENSHIFT)
                if not own and (guess or kind == "Role"):
                    fact = f"{manifest.kind} {manifest.name!r} binds to {kind} {need.name!r}, which nothing renders"
                    place = manifest.place(*need.pointer)
                    yield missing(place, ID, fact, need, guess)


def _idle(overlay: Overlay, need: Need, bound: Container[tuple[str, str]], by: str) -> str:
    """The role that nothing binds, and that is called as is asked for but for a word, or like the binding itself.

    A cluster has ClusterRoles such as `edit` of its own, and others are made to add to them, as `web-edit` may be.
    """
    guess = idle(overlay, need, bound, by)
    adds = need.kind.endswith("/ClusterRole") and guess != by and guess.endswith(f"-{need.name}")
    if guess or need.kind.endswith("/ClusterRole"):
        return "" if adds else guess
    there = {role.name for role in overlay.of(need.kind) if role.namespace == need.namespace}
    return by if by in there and (need.kind, by) not in bound else ""


def _lost(overlay: Overlay, manifest: Manifest) -> Iterator[tuple[Need, str]]:
    """The roles that are not rendered, with the one that each may mean, be it one that every cluster has."""
    for need in references.of_binding(manifest):
        usual = slipped(need.name, _USUAL) if need.kind.endswith("/ClusterRole") else ""
        if usual and need.name not in {role.name for role in overlay.of(need.kind)}:
            yield need, usual
        else:
            yield from unmet(overlay, [need])
