"""A Kustomization or HelmRelease acts as an account that has no rights.

Flux acts as the ServiceAccount of the object's own namespace (kustomize-controller 1.9, helm-controller 1.4). A binding
that names an account of another namespace gives the rights to that one, and whatever is applied is forbidden: one of
the same name, or of a name that tells the other namespace (`web-team` of `web` for `ops-team` of `ops`), or the account
of the binding of the same name and role in its own namespace, from which this one was copied. Only what one overlay
renders is looked at: the account, who acts as it, and all bindings beside them, none of which is for it, or for all
accounts of its namespace. An object that names no account acts as what the controllers' `--default-service-account`
says: that has no rights, where another object of its namespace acts as one that has some. What is applied to another
cluster acts as an account there.

Fails:

    # tenants/shop.yaml
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: reconciler
      namespace: shop
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata:
      name: reconciler
      namespace: shop
    roleRef:
      apiGroup: rbac.authorization.k8s.io
      kind: ClusterRole
      name: edit
    subjects:
      - kind: ServiceAccount
        name: reconciler
        namespace: catalog
    ---
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: shop
      namespace: shop
    spec:
      interval: 10m
      serviceAccountName: reconciler
      chartRef:
        kind: OCIRepository
        name: shop
    # tenants/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - shop.yaml

Passes:

    # tenants/shop.yaml
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: reconciler
      namespace: shop
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata:
      name: reconciler
      namespace: shop
    roleRef:
      apiGroup: rbac.authorization.k8s.io
      kind: ClusterRole
      name: edit
    subjects:
      - kind: ServiceAccount
        name: reconciler
        namespace: shop
    ---
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: shop
      namespace: shop
    spec:
      interval: 10m
      serviceAccountName: reconciler
      chartRef:
        kind: OCIRepository
        name: shop
    # tenants/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - shop.yaml
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from scaffold.model import Finding, Manifest, Overlay, Repository, Severity, mapping, sequence
from scaffold.model.values import is_variable, text

ID = "unbound-service-account"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_BINDINGS = ("rbac.authorization.k8s.io/RoleBinding", "rbac.authorization.k8s.io/ClusterRoleBinding")
_ACTING = ("kustomize.toolkit.fluxcd.io/Kustomization", "helm.toolkit.fluxcd.io/HelmRelease")
_EVERYBODY = ("system:serviceaccounts", "system:authenticated")


class _Account(NamedTuple):
    namespace: str
    name: str


class _Subject(NamedTuple):
    """What a binding gives its rights to, and where that stands; a user or a group has no namespace."""

    binding: Manifest
    position: int
    kind: str
    account: _Account


_Copied = tuple[_Account, str, str]  # an account, and the name and the role of a binding for it


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every binding for an account elsewhere in place of one that is used, and bound nowhere."""
    for overlay in repository.overlays.values():
        acting = {} if overlay.partial else dict(_acting(overlay))
        subjects = list(_subjects(overlay)) if acting else []
        home = _at_home(subjects)
        for account, manifest in acting.items():
            if not any(_is_for(account, subject) for subject in subjects):
                yield from (_finding(manifest, account, each) for each in subjects if _is_mistaken(account, each, home))
        given = {each.account: acting[each.account] for each in subjects if each.account in acting}
        for manifest, account in _by_default(repository, overlay) if given else ():
            other = next((each for each in given if each.namespace == account.namespace), None)
            if other and not any(_is_for(account, subject) for subject in subjects):
                yield _unnamed(manifest, account, other, given[other])


def _acting(overlay: Overlay) -> Iterator[tuple[_Account, Manifest]]:
    """The accounts of an overlay that something acts as in the same cluster."""
    there = {_Account(manifest.namespace, manifest.name) for manifest in overlay.of("/ServiceAccount")}
    for manifest in overlay.of(*_ACTING):
        account = _Account(manifest.namespace, text(manifest.get("spec", "serviceAccountName")))
        if account in there and not manifest.get("spec", "kubeConfig"):
            yield account, manifest


def _by_default(repository: Repository, overlay: Overlay) -> Iterator[tuple[Manifest, _Account]]:
    """The objects that name no account, each with the one that the cluster's controllers act as for it."""
    build = overlay.build
    if build is None or build.manifest.get("spec", "kubeConfig"):
        return
    for manifest in overlay.of(*_ACTING):
        name = build.accounts.get(manifest.kind, "")
        told = manifest.get("spec", "serviceAccountName") or manifest.get("spec", "kubeConfig")
        if name and not told and not repository.conventions.completes(manifest.group, manifest.kind):
            yield manifest, _Account(manifest.namespace, name)


def _subjects(overlay: Overlay) -> Iterator[_Subject]:
    for binding in overlay.of(*_BINDINGS):
        for index, item in enumerate(map(mapping, sequence(binding.get("subjects")))):
            account = _Account(text(item.get("namespace")), text(item.get("name")))
            yield _Subject(binding, index, text(item.get("kind")), account)


def _is_for(account: _Account, subject: _Subject) -> bool:
    """Tell whether a subject is an account, by itself, as a user or among others, or whether nobody knows yet."""
    alias = f"system:serviceaccount:{account.namespace}:{account.name}"
    names = (*_EVERYBODY, f"{_EVERYBODY[0]}:{account.namespace}", alias)
    variable = any(map(is_variable, subject.account))
    return (
        subject.account == account or variable or (subject.kind != "ServiceAccount" and subject.account.name in names)
    )


def _unnamed(manifest: Manifest, account: _Account, other: _Account, acting: Manifest) -> Finding:
    fact = f"{manifest.kind} {manifest.name!r} names no account, so it acts as {account.name!r}, which has no rights"
    message = f"{fact}; name {other.name!r}, as {acting.kind} {acting.name!r} does"
    return Finding(manifest.place("spec", "serviceAccountName"), ID, message, SEVERITY, subject=manifest.name)


def _at_home(subjects: list[_Subject]) -> set[_Copied]:
    """The accounts that bindings of their own namespaces are for, with the names and roles of these bindings."""
    return {_copied(each) for each in subjects if each.binding.namespace == each.account.namespace}


def _copied(subject: _Subject) -> _Copied:
    return subject.account, subject.binding.name, text(subject.binding.get("roleRef", "name"))


def _is_mistaken(account: _Account, subject: _Subject, bound: set[_Copied]) -> bool:
    """Tell whether a binding beside an account is for one elsewhere that is called alike, or is copied from there."""
    other = subject.account
    if subject.kind != "ServiceAccount" or subject.binding.namespace != account.namespace or other[0] == account[0]:
        return False
    return other.name == account.name or "" != _stem(other) == _stem(account) or _copied(subject) in bound


def _stem(account: _Account) -> str:
    """An account's name with a mark for its namespace; empty where it is not in it, or all of it."""
    found = f"-{account.name}-".replace(f"-{account.namespace}-", "-*-")
    return found if "*" in found and found != "-*-" else ""


def _finding(manifest: Manifest, account: _Account, subject: _Subject) -> Finding:
    binding, (namespace, name) = subject.binding, subject.account
    told = f"{binding.kind} {binding.name!r} binds ServiceAccount {name!r} of namespace {namespace!r}"
    alike = name == account.name
    who = f"{manifest.kind} {manifest.name!r} acts as {'that' if alike else repr(account.name)}"
    guess = repr(account.namespace) if alike else "that one"
    message = f"{told}, while {who} of namespace {account.namespace!r}, which has no rights; did you mean {guess}?"
    place = binding.place("subjects", subject.position, "namespace" if alike else "name")
    return Finding(place, ID, message, SEVERITY, subject=f"{binding.name}/{name}")
