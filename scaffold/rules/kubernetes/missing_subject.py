"""A binding gives a role to an account that nothing renders, while the account of the pods beside it has none.

The API server takes a binding to a ServiceAccount that is not there. The pods run under another account of the same
files, which no binding names, and are refused what the role was made for. That may be one of the same name in another
namespace than the binding says.

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

from collections.abc import Iterable, Iterator
from typing import Any

from scaffold.assemble.references import Need
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
    mapping,
    sequence,
)
from scaffold.model.flux import is_flux
from scaffold.model.values import text
from scaffold.nearest import is_gapped, is_kin
from scaffold.rules import needing

ID = "missing-subject"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_ACCOUNT = "/ServiceAccount"
_GROUP = "rbac.authorization.k8s.io"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every subject that is not there, in an overlay with the account that it can only mean."""
    for overlay in repository.overlays.values():
        bindings = list(overlay.of(f"{_GROUP}/RoleBinding", f"{_GROUP}/ClusterRoleBinding"))
        bound = [(manifest, need) for manifest in bindings for need in _subjects(manifest)]
        named = needing.asked(need for _, need in bound)
        idle = sorted(_used(overlay) - {(need.namespace, need.name) for _, need in bound})
        there = {(account.namespace, account.name) for account in overlay.of(_ACCOUNT)}
        for manifest, need in bound:
            if (need.namespace, need.name) in there or is_variable(need.name):
                continue
            if len(idle) == 1 and idle[0] in there and need.namespace == idle[0][0]:
                found = _finding(manifest, need, idle[0][1], "and the pods run as")
                yield found._replace(confidence=Confidence.HIGH) if len(bound) == len(there) == 1 else found
            elif home := _home(overlay, need, there - {(other.namespace, other.name) for _, other in bound}):
                yield _astray(manifest, need, home)
            elif guess := needing.idle(overlay, need, named, manifest.name) or needing.sole(overlay, need):
                yield _finding(manifest, need, guess, "and there is")


def _subjects(manifest: Manifest) -> Iterator[Need]:
    for index, subject in enumerate(sequence(manifest.get("subjects"))):
        if dig(subject, "kind") == "ServiceAccount" and dig(subject, "name") != "default":
            namespace = text(dig(subject, "namespace")) or manifest.namespace
            yield Need(_ACCOUNT, namespace, text(dig(subject, "name")), ("subjects", index, "name"))


def _used(overlay: Overlay) -> set[tuple[str, str]]:
    accounts = ((pod.manifest.namespace, text(pod.spec.get("serviceAccountName"))) for pod in overlay.pods)
    return {account for account in accounts if account[1] not in ("", "default")}


def _home(overlay: Overlay, need: Need, unbound: Iterable[tuple[str, str]]) -> str:
    """The one namespace with an account of that name that no binding names, and that pods run as."""
    homes = [namespace for namespace, name in unbound if name == need.name and namespace]
    told = need.namespace and not is_variable(need.namespace) and len(homes) == 1
    beside = (manifest for manifest in overlay.manifests if told and manifest.namespace == homes[0])
    acting = (each for each in beside if not is_flux(each.group))  # of those tells `unbound-service-account`
    return homes[0] if any(_names(manifest.get("spec"), need.name) for manifest in acting) else ""


def _names(spec: Any, account: str) -> bool:
    """Tell whether an object has pods run as an account, be it one of an operator, whatever the way to their fields."""
    pending = [spec]
    while pending:
        value = pending.pop()
        if dig(value, "serviceAccountName") == account:
            return True
        pending += [*mapping(value).values(), *sequence(value)]
    return False


def _astray(manifest: Manifest, need: Need, home: str) -> Finding:
    """What is said of an account that is in another namespace."""
    where = f"of namespace {need.namespace!r}, which nothing renders, and the pods run as that of {home!r}"
    message = f"{manifest.kind} {manifest.name!r} binds ServiceAccount {need.name!r} {where}; did you mean that one?"
    unless = Identity("", "ServiceAccount", need.namespace, need.name)
    return Finding(manifest.place(*need.pointer[:-1], "namespace"), ID, message, unless=unless)


def _finding(manifest: Manifest, need: Need, guess: str, how: str) -> Finding:
    fact = f"{manifest.kind} {manifest.name!r} binds ServiceAccount {need.name!r}, which nothing renders"
    unless = Identity("", "ServiceAccount", need.namespace, need.name)
    message = f"{fact}, {how} {guess!r}; did you mean that one?"
    turned = sorted(need.name.split("-")) == sorted(guess.split("-"))  # etcd-backup, and backup-etcd
    longer = need.name.count("-") == guess.count("-") and (guess.startswith(need.name) or need.name.startswith(guess))
    alike = turned or longer or is_kin(need.name, guess) or is_gapped(need.name, guess)
    sure = Confidence.HIGH if alike else Confidence.MEDIUM
    return Finding(manifest.place(*need.pointer), ID, message, confidence=sure, unless=unless)
