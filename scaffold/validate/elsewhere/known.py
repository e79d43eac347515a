"""Which objects of some kinds overlays render, and whether an overlay meets them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property

from scaffold.assemble.apart import Cluster
from scaffold.model import Identity, Overlay, SourceFile, group_of
from scaffold.nearest import is_kin, slipped
from scaffold.validate.elsewhere.kinds import AKIN, BESIDE, BY_FILES, GATEWAY, SPACED, SYSTEM
from scaffold.validate.elsewhere.makers import Maker, Makers, Spot, same

_Kind = tuple[str, str, str]
_NAMED = 3  # objects that a message names
_OFTEN = 3  # files: what as many say is no slip


class Known:
    """The objects of some kinds, with the environments that have them, and what makes others that nobody can know."""

    def __init__(
        self,
        overlays: Iterable[Overlay],
        wanted: Collection[tuple[str, str]],
        files: Mapping[str, SourceFile],
        clusters: Mapping[str, Cluster],
    ) -> None:
        self._wanted = wanted
        self._spots: dict[str, Spot] = {}
        self._objects: dict[_Kind, list[tuple[str, Spot]]] = {}
        self._names: dict[tuple[str, str], set[str]] = {}
        self._wholes: dict[_Kind, list[tuple[str, Spot]]] = {}
        self._makers = Makers()
        self._reads: dict[str, tuple[str, ...]] = {}
        self._guesses: dict[_Kind, str] = {}
        self._files = files
        for overlay in overlays:
            spot = Spot(overlay.environment, *clusters.get(overlay.name, ()))
            self._spots[overlay.name or "."] = spot
            self._reads[overlay.name or "."] = overlay.reads
            self._add(overlay, spot)
            if overlay.skipped or overlay.error:
                self._makers.add_unbuilt(overlay, spot)
                self._declare(overlay, files, spot)

    def _add(self, overlay: Overlay, spot: Spot) -> None:
        for item in overlay.objects:
            group = group_of(item.api_version)
            if (group, item.kind) in self._wanted:
                self._note(item.identity, spot)
            for identity in item.makes:
                if (identity.group, identity.kind) in self._wanted:
                    self._note(identity, spot)
            self._makers.add(item, spot)

    def _declare(self, overlay: Overlay, files: Mapping[str, SourceFile], spot: Spot) -> None:
        for path in overlay.reads:
            for head in files[path].heads if path in files else ():
                if (head.group, head.kind) in self._wanted:
                    self._note(Identity(head.group, head.kind, head.namespace, head.name), spot)

    def _note(self, identity: Identity, spot: Spot) -> None:
        key = (identity.group, identity.kind, identity.name)
        self._objects.setdefault(key, []).append((identity.namespace, spot))
        self._names.setdefault(key[:2], set()).add(identity.name)
        if _whole(identity.name):
            self._wholes.setdefault((*key[:2], _whole(identity.name)), []).append((identity.namespace, spot))

    def all_told(self, wanted: Identity) -> bool:
        """Tell whether nothing makes such objects there that nobody can know, as a chart or an operator does."""
        return self._makers.all_told(wanted)

    def spot(self, overlay: str) -> Spot:
        """The environment and the cluster of an overlay, all that tells two of them apart here."""
        return self._spots.get(overlay, Spot())

    def makes(self, wanted: Identity, overlay: str) -> bool:
        """Tell whether an operator or a chart may make an object where an overlay meets it."""
        return any(wanted.name.startswith(maker.name) for maker in self._met_makers(wanted, overlay))

    def _met_makers(self, wanted: Identity, overlay: str) -> Iterator[Maker]:
        reads = self._reads.get(overlay, ())
        return (m for m in self._makers.of(wanted) if m.is_met(wanted, self.spot(overlay), reads))

    def has(self, wanted: Identity, overlay: str) -> bool:
        """Tell whether an object is rendered where an overlay meets it."""
        return self._has(wanted, wanted.name, overlay)

    def near(self, wanted: Identity, overlay: str) -> str:
        """How the sentence on a missing object ends where one of that name is of another kind, or elsewhere."""
        if other := self.beside(wanted, overlay):
            return f"; set the kind to {other}, which is called so"
        space = self.space(wanted, overlay)
        return f" in {wanted.namespace!r}; it is in {space!r}" if space else ""

    def beside(self, wanted: Identity, overlay: str) -> str:
        """The kind of an object of that name which an overlay meets, the cluster's instead of a namespace's."""
        other = BESIDE.get((wanted.group, wanted.kind), "")
        return other if other and self.has(wanted._replace(kind=other, namespace=""), overlay) else ""

    def space(self, wanted: Identity, overlay: str) -> str:
        """A namespace in which an overlay would meet an object that it misses in another one.

        Charts bring issuers and stores along with what uses them, and seldom a Gateway.
        """
        key = (wanted.group, wanted.kind)
        if (
            key not in SPACED
            or self.makes(wanted, overlay)
            or not (key == GATEWAY or self.all_told(wanted._replace(namespace="")))
        ):
            return ""
        spot = self.spot(overlay)
        there = self._objects.get((*key, wanted.name), ())
        return min((space for space, other in there if spot.meets(other)), default="")

    def has_others(self, wanted: Identity, overlay: str) -> bool:
        """Tell whether an object that an overlay meets has parts, `<object>/<part>`, but not the wanted one."""
        key = (wanted.group, wanted.kind, _whole(wanted.name))
        return bool(key[2]) and self._met(wanted, self._wholes.get(key, ()), overlay)

    def others(self, wanted: Identity, overlay: str) -> str:
        """The names of objects that an overlay meets, of a kind that nothing but files makes, or too many to name."""
        key = (wanted.group, wanted.kind)
        if key not in BY_FILES or wanted.name.startswith(SYSTEM):
            return ""
        names = [name for name in sorted(self._names.get(key, ())) if self._has(wanted, name, overlay)]
        if self.makes(wanted, overlay) and not any(is_kin(name, wanted.name) for name in names):
            return ""
        return ", ".join(map(repr, names[:_NAMED])) + (" and others" if len(names) > _NAMED else "")

    def kin(self, wanted: Identity, overlay: str) -> str:
        """The name of an object that an overlay meets, and that is called as is asked for but for a word more.

        A Secret of such a name may well be made by hand, and what has the name of a maker in its own by that.
        """
        key = (wanted.group, wanted.kind)
        makers = (maker.name in wanted.name for maker in self._met_makers(wanted, overlay))
        if key not in AKIN or any(makers):
            return ""
        within = (name for name in self._names.get(key, ()) if name in wanted.name)
        return min(
            (name for name in within if is_kin(name, wanted.name) and self._has(wanted, name, overlay)), default=""
        )

    def meant(self, wanted: Identity, overlay: str) -> str:
        """The name of an object that an overlay meets, of the same kind, from which only a slip keeps another one."""
        key = (wanted.group, wanted.kind, wanted.name)
        guess = self._guess(key)
        of_it = _whole(guess) == _whole(wanted.name)
        met = bool(guess) and of_it and self._has(wanted, guess, overlay)
        return guess if met and key not in self._written else ""

    @cached_property
    def _written(self) -> frozenset[_Kind]:
        """What files declare that no overlay reads, and the namespaces that several files name: no slips of others."""
        read = {path for reads in self._reads.values() for path in reads}
        heads = [(path, head) for path, file in self._files.items() for head in file.heads]
        loose = {(head.group, head.kind, head.name) for path, head in heads if path not in read}
        often = Counter(namespace for _, namespace in {(path, head.namespace) for path, head in heads})
        return frozenset(loose | {("", "Namespace", name) for name, count in often.items() if count >= _OFTEN})

    def _guess(self, key: _Kind) -> str:
        """As `meant`, whoever meets it; many overlays miss the same."""
        if key not in self._guesses:
            self._guesses[key] = slipped(key[2], self._names.get(key[:2], ()))
        return self._guesses[key]

    def _has(self, wanted: Identity, name: str, overlay: str) -> bool:
        return self._met(wanted, self._objects.get((wanted.group, wanted.kind, name), ()), overlay)

    def _met(self, wanted: Identity, there: Iterable[tuple[str, Spot]], overlay: str) -> bool:
        spot = self.spot(overlay)
        return any(same(wanted.namespace, space) and spot.meets(other) for space, other in there)


def _whole(name: str) -> str:
    """The object that a name is of a part of, or nothing."""
    return name.rpartition("/")[0]
