"""The Kustomizations of clusters that nothing in the repository begins, each cluster with its own."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from scaffold import load
from scaffold.assemble.flux import written
from scaffold.assemble.flux.begun import Root
from scaffold.model import Manifest, Repository, above

_Key = tuple[str, int, str]
_Over = Mapping[_Key, AbstractSet[_Key]]  # by each Kustomization, those whose paths it stands below


def clusters(
    found: Iterable[Manifest], reached: frozenset[_Key], begun: frozenset[str], repository: Repository
) -> Iterator[tuple[str, list[Manifest]]]:
    """The name of each such cluster, and the Kustomizations that somebody applies there; `reached` are those of others.

    `begun` are the names of the clusters that begin by themselves.
    """
    yield from _grouped(_alone(found, reached, begun, repository))


def _grouped(roots: list[Root]) -> Iterator[tuple[str, list[Manifest]]]:
    """The roots by their cluster; of those with one name, as each environment has one, every next is in another.

    One whose name no other has is in the cluster of those that it stands beside.
    """
    numbers = list(_numbers(roots))
    often = Counter(map(_name, roots))
    beside: dict[tuple[str, str], set[int]] = {}
    for root, number in zip(roots, numbers, strict=True):
        if often[_name(root)] > 1:
            beside.setdefault(_directory(root), set()).add(number)
    groups: dict[tuple[str, int], list[Manifest]] = {}
    for root, number in zip(roots, numbers, strict=True):
        others = beside.get(_directory(root), set())
        own = next(iter(others)) if often[_name(root)] == 1 and len(others) == 1 else number
        groups.setdefault((root.cluster, own), []).append(root.manifest)
    ordered = sorted(groups.items(), key=lambda item: (not item[0][0], item[0][1]))  # a base may belong to no cluster
    yield from ((cluster, found) for (cluster, _), found in ordered)


def _numbers(roots: list[Root]) -> Iterator[int]:
    """How many of the same name come before each."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for root in roots:
        yield seen[_name(root)]
        seen[_name(root)] += 1


def _name(root: Root) -> tuple[str, str, str]:
    return root.cluster, root.manifest.namespace, root.manifest.name


def _directory(root: Root) -> tuple[str, str]:
    return root.cluster, posixpath.dirname(root.manifest.path)


def _alone(
    found: Iterable[Manifest], reached: frozenset[_Key], begun: frozenset[str], repository: Repository
) -> list[Root]:
    """The Kustomizations of clusters that nothing in the repository begins: nobody knows what applies them.

    Where some cluster is begun, only what stands in another cluster's directory counts: the rest is not in use. Nor is
    one that the kustomization beside it leaves out, where that lists others.
    """
    known = repository.conventions
    syncs = [m for m in found if written.is_sync(m) and written.key(m) not in reached]
    left = [m for m in syncs if not begun or (written.cluster_of(m.path) and written.cluster_of(m.path) not in begun)]
    listed = [m for m in left if written.is_read(m.path, posixpath.dirname(m.path), repository.kustomizations)]
    used = {posixpath.dirname(m.path) for m in listed}
    kept = set(map(written.key, listed))
    left = [m for m in left if written.key(m) in kept or posixpath.dirname(m.path) not in used]
    paths = [(other, written.below_own(other, known)) for other in left if written.path_of(other)]
    built = {path for _, path in paths} & repository.kustomizations.keys()
    read = {path: frozenset(load.read_by(path, repository.kustomizations)) for path in built}

    def holds(path: str, manifest: Manifest) -> bool:
        return manifest.path in read[path] if path in read else written.is_in(manifest, path)

    over = {written.key(m): {written.key(o) for o, path in paths if o is not m and holds(path, m)} for m in left}
    return [Root(written.cluster_of(m.path), m) for m in _in_use(left, _outermost(left, over), over)]


def _in_use(found: Iterable[Manifest], roots: Sequence[Manifest], over: _Over) -> list[Manifest]:
    """The roots without those that stand where clusters take others from, and nothing begins."""
    begun, heading = {written.key(m) for m in roots}, {item for others in over.values() for item in others}
    taken = (m.path for m in found if written.key(m) not in begun)
    stores = written.stores(taken, (m.path for m in roots if written.key(m) in heading))
    return [m for m in roots if stores.isdisjoint(above(m.path))]


def _outermost(found: Sequence[Manifest], over: _Over) -> list[Manifest]:
    """Those that are below no other; of what is only below each other, those below none of their own source.

    So one that builds the same path of another repository, and stands below what it seems to build, hides nothing.
    """
    sources = {written.key(m): repr(m.get("spec", "sourceRef")) for m in found}
    begun = {item for item in over if not over[item]}
    circle = over.keys() - _below(begun, over)
    inner = {item: {o for o in over[item] & circle if sources[o] == sources[item]} for item in circle}
    begun |= {item for item in circle if not inner[item]}
    reached = _below(begun, over)
    for m in sorted(found, key=lambda m: (len(written.path_of(m)), m.path)):
        if written.key(m) not in reached:
            begun.add(written.key(m))
            reached |= _below({written.key(m)}, over)
    return [m for m in found if written.key(m) in begun]


def _below(begun: AbstractSet[_Key], over: _Over) -> set[_Key]:
    """Some, and all that is below them."""
    reached, new = set(begun), set(begun)
    while new:
        new = {item for item, others in over.items() if item not in reached and not new.isdisjoint(others)}
        reached |= new
    return reached
