"""A binding gives a role to an account that nothing renders, while the account of the pods beside it has none.

The API server takes a binding to a ServiceAccount that is not there. The pods run under another account of the same
files, which no binding names, and are refused what the role was made for.

Fails:

    # web.yaml
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: web
      namespace: web
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
      namespace: web
    spec:
      serviceAccountName: web
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata:
      name: web
      namespace: web
    roleRef:
      apiGroup: rbac.authorization.k8s.io
      kind: ClusterRole
      name: view
    subjects:
      - kind: ServiceAccount
        name: web-api
        namespace: web

Passes:

    # web.yaml
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: web
      namespace: web
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
      namespace: web
    spec:
      serviceAccountName: web
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata:
      name: web
      namespace: web
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

from scaffold.model import (
    Confidence,
    Finding,
    Identity,
    Manifest,
    Overlay,
    Repository,
    Severity,
    dig,
    is_variable,
    sequence,
)
from scaffold.model.values import text

ID = "missing-subject"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_GROUP = "rbac.authorization.k8s.io"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every subject that is not there in an overlay with one account that pods use and no binding names."""
    for overlay in repository.overlays.values():
        bindings = list(overlay.of(f"{_GROUP}/RoleBinding", f"{_GROUP}/ClusterRoleBinding"))
        bound = [(m, i, *account) for m in bindings for i, account in _subjects(m)]
        named = {(namespace, name) for _, _, namespace, name in bound}
        idle = sorted(_used(overlay) - named)
        there = {(account.namespace, account.name) for account in overlay.of("/ServiceAccount")}
        for manifest, index, namespace, name in bound if len(idle) == 1 and idle[0] in there else ():
            if (namespace, name) not in there and namespace == idle[0][0] and not is_variable(name):
                yield _finding(manifest, index, (namespace, name), idle[0][1])


def _subjects(manifest: Manifest) -> Iterator[tuple[int, tuple[str, str]]]:
    for index, subject in enumerate(sequence(manifest.get("subjects"))):
        if dig(subject, "kind") == "ServiceAccount" and dig(subject, "name") != "default":
            yield index, (text(dig(subject, "namespace")) or manifest.namespace, text(dig(subject, "name")))


def _used(overlay: Overlay) -> set[tuple[str, str]]:
    accounts = ((pod.manifest.namespace, text(pod.spec.get("serviceAccountName"))) for pod in overlay.pods)
    return {account for account in accounts if account[1] not in ("", "default")}


def _finding(manifest: Manifest, index: int, account: tuple[str, str], guess: str) -> Finding:
    namespace, name = account
    fact = f"{manifest.kind} {manifest.name!r} binds ServiceAccount {name!r}, which nothing renders"
    unless = Identity("", "ServiceAccount", namespace, name)
    message = f"{fact}, and the pods run as {guess!r}; did you mean that one?"
    place = manifest.place("subjects", index, "name")
    turned = sorted(name.split("-")) == sorted(guess.split("-"))  # etcd-backup, and backup-etcd
    longer = name.count("-") == guess.count("-") and (guess.startswith(name) or name.startswith(guess))
    sure = Confidence.HIGH if turned or longer else Confidence.MEDIUM
    return Finding(place, ID, message, confidence=sure, unless=unless)
