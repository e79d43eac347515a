"""Two Kustomizations of one cluster apply the same object.

Each sets its own labels and its own version of the object again at every interval, and when one of them stops building
the object, it deletes what the other one keeps. Where both apply it to another cluster, and one of them by a kubeconfig
that is called after the environment of the other one, that is named. What more than two of them apply, as a component
that each of them has, is told once. One whose path holds its own file, which another one applies, applies itself.

Fails:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: shop
      namespace: flux-system
    spec:
      interval: 10m
      path: ./shop
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: fast
    # shop/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: slow

Passes:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: shop
      namespace: flux-system
    spec:
      interval: 10m
      path: ./shop
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: fast
    # shop/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: shop
      namespace: web
    data:
      mode: slow
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from scaffold import schemas
from scaffold.assemble import ranks
from scaffold.assemble.flux import destinations, presence
from scaffold.model import Finding, Identity, Manifest, RenderedObject, Repository, Severity
from scaffold.model.values import text

ID = "contested-object"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_Key = tuple[str, Identity]


class _Pair(NamedTuple):
    """Two Kustomizations, and what both apply."""

    earlier: Manifest
    sync: Manifest
    shared: list[RenderedObject]


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every two Kustomizations once, with the first object that they share."""
    for known in presence.of(repository):
        first: dict[_Key, Manifest] = {}
        pairs: dict[tuple[str, str], tuple[Manifest, Manifest, list[RenderedObject]]] = {}
        for overlay in known.overlays:
            assert overlay.build is not None
            sync = overlay.build.manifest
            for item in overlay.objects if sync.get("spec", "suspend") is not True else ():
                if not _is_certain(repository, item):
                    continue
                earlier = first.setdefault((destinations.of(sync), item.identity), sync)
                if earlier is not sync:
                    pairs.setdefault((_name(earlier), _name(sync)), (earlier, sync, []))[2].append(item)
        yield from _findings([_Pair(*pair) for pair in pairs.values()])


def _is_certain(repository: Repository, item: RenderedObject) -> bool:
    """Tell whether it is known which object is meant: no variable hides it, and its namespace is said.

    A kind that is not known here has none where none is said.
    """
    namespaced = schemas.scope(item.api_version, item.kind, repository.own_schemas) == "Namespaced"
    return (bool(item.namespace) or not namespaced) and "${" not in f"{item.namespace}{item.name}"


def _name(sync: Manifest) -> str:
    return f"{sync.namespace}/{sync.name}"


def _findings(pairs: list[_Pair]) -> Iterator[Finding]:
    """One for each pair, or for all that apply the same as one other does."""
    alike: dict[tuple[str, tuple[Identity, ...]], list[_Pair]] = {}
    for pair in pairs:
        named = _by_kubeconfig(pair)
        if named:
            yield named
        else:
            key = _name(pair.earlier), tuple(item.identity for item in pair.shared)
            alike.setdefault(key, []).append(pair)
    yield from map(_finding, alike.values())


def _finding(alike: list[_Pair]) -> Finding:
    (earlier, sync, shared), others = alike[0], len(alike) - 1
    who, verb = f"Kustomization {sync.name!r}", "applies"
    if others:
        who, verb = f"{who} and {others} more", "apply"
    own = [item.identity for item in shared] == [sync.identity]
    remedy = "let its path leave out the file that declares it" if own else "leave each object to one of them"
    what = "itself" if own else _what(shared)
    message = f"{who} {verb} {what}, as Kustomization {earlier.name!r} ({{0}}) does; {remedy}"
    related, subject = (earlier.place("spec", "path"),), f"{_name(earlier)}/{_name(sync)}"
    return Finding(sync.place("spec", "path"), ID, message, SEVERITY, subject=subject, related=related)


def _what(shared: list[RenderedObject]) -> str:
    more = f" and {len(shared) - 1} more" if len(shared) > 1 else ""
    return f"{shared[0].kind} {shared[0].name!r}{more}"


def _by_kubeconfig(pair: _Pair) -> Finding | None:
    """That one of two goes to the cluster of the other one by a kubeconfig of that one's environment."""
    earlier, sync, shared = pair
    subject = f"{_name(earlier)}/{_name(sync)}"
    for one, other in ((earlier, sync), (sync, earlier)):
        for kind in ("secretRef", "configMapRef"):
            name = text(one.get("spec", "kubeConfig", kind, "name"))
            if _is_of_other(name, one, other):
                fact = f"Kustomization {one.name!r} applies {_what(shared)} by kubeconfig {name!r}"
                message = f"{fact}, as Kustomization {other.name!r} ({{0}}) does; name that of its own environment"
                place, related = one.place("spec", "kubeConfig", kind, "name"), (other.place("spec", "kubeConfig"),)
                return Finding(place, ID, message, SEVERITY, subject=subject, related=related)
    return None


def _is_of_other(kubeconfig: str, one: Manifest, other: Manifest) -> bool:
    """Tell whether a kubeconfig is called after the environment of one of two Kustomizations, and not of its own."""
    own, there = ranks.rank(one.name), ranks.rank(kubeconfig)
    return None not in (own, there) and own != there == ranks.rank(other.name)
