"""The resources of the API as roles name them: in the plural, with the parts that some have (kube-apiserver 1.37)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from scaffold import schemas

_SCALED = frozenset(("finalizers", "scale", "status"))
PARTS = dict.fromkeys(("deployments", "replicasets", "replicationcontrollers", "statefulsets"), _SCALED) | {
    "pods": frozenset(
        "attach binding ephemeralcontainers eviction exec finalizers log portforward proxy resize status".split()
    ),
    "serviceaccounts": frozenset(("finalizers", "token")),
    "services": frozenset(("finalizers", "proxy", "status")),
}
OF_NODES = frozenset(("metrics", "proxy", "spec", "stats"))
_USUAL = ("", "apps", "batch", "networking.k8s.io", "rbac.authorization.k8s.io", "autoscaling", "policy")
_RARE = [f"{name}.k8s.io" for name in "admissionregistration apiextensions authentication authorization".split()]
_RARE += [f"{name}.k8s.io" for name in "certificates coordination discovery node scheduling storage".split()]


def having(name: str) -> list[str]:
    """The groups of Kubernetes itself that have a resource, those first that most roles are about."""
    return [group for group in (*_USUAL, *_RARE) if name in of(group)]


@cache
def of(group: str) -> Mapping[str, str]:
    """The resources of a group, each with its scope, as far as it is known."""
    return {_plural(kind.lower()): _scope(group, kind) for kind in schemas.kinds_of(group)}


def singular(plural: str) -> str:
    """What a resource is called in the singular."""
    if plural.endswith("ies"):
        return f"{plural[:-3]}y"
    return plural.removesuffix("es") if plural.endswith("sses") else plural.removesuffix("s")


def _plural(kind: str) -> str:
    if kind.endswith("s"):
        return kind if kind == "endpoints" else f"{kind}es"
    return f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"


def _scope(group: str, kind: str) -> str:
    scopes = {schemas.scope(version, kind) or "" for version in schemas.api_versions(group, kind)}
    return scopes.pop() if len(scopes) == 1 else ""
