"""Which overlays may be built in one kustomize process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from scaffold import load, schemas
from scaffold.assemble import flux
from scaffold.model import Conventions, Overlay, Repository, mapping

_LARGEST = 50  # measured: two hundred in one process are slower, and below twenty the process itself costs most
_KUSTOMIZE = "kustomize.config.k8s.io"
_RENAMES = ("namePrefix", "nameSuffix", "configMapGenerator", "secretGenerator")


def batches(overlays: Sequence[Overlay], repository: Repository, jobs: int) -> list[list[Overlay]]:
    """Group overlays so that no two of a group hold objects of equal identity, nor see each other's renamed objects.

    Overlays of one parent directory are alike, so they are kept apart unless their namespaces differ; clusters are kept
    apart always.
    """
    size = max(1, min(_LARGEST, -(-len(overlays) // max(1, jobs * 2))))
    result: list[list[Overlay]] = []
    for group in _by_cluster(overlays, repository.conventions):
        result.extend(_spread(group, repository, size))
    return result


def _by_cluster(overlays: Sequence[Overlay], known: Conventions) -> Iterator[list[Overlay]]:
    groups: dict[tuple[str, str], list[Overlay]] = {}
    for overlay in overlays:
        environment = known.environment(overlay.environment)
        cluster = environment.cluster if environment else ""
        groups.setdefault((cluster, overlay.kubernetes_version), []).append(overlay)
    yield from groups.values()


@dataclass(eq=False)
class _Group:
    """An open batch: what its overlays claim, the namespaces that they are in, and those that belong to one of them."""

    overlays: list[Overlay] = field(default_factory=list)
    claims: set[str] = field(default_factory=set)
    namespaces: set[str] = field(default_factory=set)
    owned: set[str] = field(default_factory=set)

    def takes(self, wish: _Wish) -> bool:
        """Tell whether nothing speaks against one more overlay; without a namespace it may reach into any."""
        if not self.claims.isdisjoint(wish.claims):
            return False
        if wish.renames and self.overlays:
            return bool(wish.namespace) and not self.namespaces & {wish.namespace, ""}
        return not self.owned & {wish.namespace, ""} and not (self.owned and not wish.namespace)

    def add(self, overlay: Overlay, wish: _Wish) -> None:
        self.overlays.append(overlay)
        self.claims |= wish.claims
        self.namespaces.add(wish.namespace)
        if wish.renames:
            self.owned.add(wish.namespace)


class _Wish(NamedTuple):
    """What an overlay claims for itself, the namespace that it is in, and whether it renames objects there."""

    claims: set[str]
    namespace: str
    renames: bool


def _spread(overlays: list[Overlay], repository: Repository, size: int) -> Iterator[list[Overlay]]:
    """First fit: an overlay joins the first open group in which nothing speaks against it."""
    waiting: list[_Group] = []
    for overlay in overlays:
        wish = _wish(overlay, repository)
        group = next((group for group in waiting if group.takes(wish)), None)
        if group is None:
            group = _Group()
            waiting.append(group)
        group.add(overlay, wish)
        if len(group.overlays) == size:
            waiting.remove(group)
            yield group.overlays
    yield from (group.overlays for group in waiting)


def _wish(overlay: Overlay, repository: Repository) -> _Wish:
    """Directories and objects are claimed; a name that changes is kustomize's to follow, so its namespace is too."""
    kustomizations = repository.kustomizations
    spec = mapping(overlay.build.manifest.get("spec")) if overlay.build else {}
    starts = flux.starts(overlay.path, overlay.build) if overlay.build else (overlay.path,)
    entered = [d for start in starts if start in kustomizations for d in load.closure(start, kustomizations)[0]]
    told = spec.get("targetNamespace")
    named = (n for d in entered if isinstance(n := kustomizations[d].manifest.get("namespace"), str))
    namespace = told if isinstance(told, str) else next(named, "")
    claims = {f"{directory}\0{namespace}" for directory in entered}
    claims.update(_objects(overlay, repository, namespace))
    renames = any(spec.get(name) for name in _RENAMES[:2])
    renames = renames or any(kustomizations[d].manifest.get(name) for d in entered for name in _RENAMES)
    return _Wish(claims, namespace, renames)


def _objects(overlay: Overlay, repository: Repository, namespace: str) -> Iterator[str]:
    """The objects of an overlay before prefixes and suffixes, with every namespace that they may end in.

    A namespace of the overlay's own goes for all, one of a directory below only for some; a Namespace is called so too.
    """
    item = overlay.build.manifest if overlay.build else None
    told = item.get("spec", "targetNamespace") if item else None
    own = repository.kustomizations.get(overlay.path)
    for_all = isinstance(told, str) or (own is not None and own.manifest.get("namespace") == namespace)
    for path in overlay.reads:
        file = repository.files.get(path)
        for head in file.heads if file else ():
            if head.group == _KUSTOMIZE:
                continue
            wide = schemas.scope(head.api_version, head.kind) == "Cluster"
            named = head.kind == "Namespace"
            before = head.name if named else head.namespace
            for where in {namespace or before} if for_all else {namespace or before, before}:
                place = f"\0{where}" if named else f"{'' if wide else where}\0{head.name}"
                yield f"{head.group}\0{head.kind}\0{place}"
