"""One application on its way: what the stage before has otherwise, and the edits that bring it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from scaffold import holds
from scaffold.bump import Move, order, sites
from scaffold.bump.reading import Reading, Setting
from scaffold.choice import full_name
from scaffold.errors import RefusedError
from scaffold.model import Image, Overlay, Pointer
from scaffold.promote import charts, patches, proof, soak
from scaffold.promote.carried import Carried, carried
from scaffold.promote.cut import Cut, Origin
from scaffold.settings import Promotions
from scaffold.staging import Content


@dataclass(frozen=True)
class Wanted:
    """Applications, `app` or `team/app`, or all of them where none is named, in the environment that they go to.

    `others` lets a pin move that brings more than those.
    """

    applications: tuple[str, ...]
    environment: str
    source: str = ""
    patches: tuple[str, ...] = ()
    older: bool = False
    others: bool = False


@dataclass(frozen=True)
class Promotion:
    """What one application gets; `versions` are its images and charts by environment, in the order of promotion.

    `brought` are the files that go along as they are.
    """

    overlay: Overlay
    origins: tuple[Origin, ...]
    moves: tuple[Move, ...]
    patches: tuple[str, ...]
    brought: tuple[str, ...]
    contents: Mapping[str, Content | None]
    notes: tuple[str, ...]
    versions: Mapping[str, Mapping[str, str]]

    @property
    def name(self) -> str:
        return full_name(self.overlay)


class Promoting:
    """One application on its way; files are read once."""

    def __init__(
        self,
        cut: Cut,
        overlay: Overlay,
        origins: list[Origin],
        rule: Promotions,
        wanted: Wanted,
        now: datetime.datetime,
    ) -> None:
        self._cut, self._overlay, self._origins = cut, overlay, origins
        self._policy, self._wanted, self._now = rule, wanted, now
        self._brought = cut.brought.get(overlay.path, {})
        self._reading = Reading.of(cut.tree, overlay)

    def promotion(self) -> Promotion:
        theirs, ours = self._theirs(), carried(self._reading, self._overlay)
        found = list(self._settings(theirs, ours))
        patched = self._patched()
        if found or patched or self._brought:
            holds.refuse_held(self._cut.tree.root, self._overlay.path, self._now)
            soak.refuse_fresh_files(self._origins, self._files(patched), self._policy.soak, self._now)
        for item, image in found:
            self._refuse(item.site.before, image)
        changes = (edit for item, _ in found for edit in item.edits)
        contents = patches.written(self._cut.tree.root, changes, patched, self._overlay.path)
        proof.prove(self._reading, self._overlay, contents, free=bool(patched))
        moves = tuple(Move(self._overlay, self._reading.place(item), item.site.before, image) for item, image in found)
        notes = dict.fromkeys([*(item.note for item, _ in found if item.note), *self._mixed(theirs)])
        return Promotion(
            self._overlay,
            tuple(self._origins),
            moves,
            tuple(patched),
            tuple(self._brought),
            {**self._brought, **contents},
            tuple(notes),
            self._versions(moves),
        )

    def _patched(self) -> patches.Patched:
        """The patches that are asked for, and those of the policy that there are."""
        origin = self._origins[0]
        source = origin.state.root / origin.overlay.path
        given = [name for name in self._policy.patches if (source / name).is_file()]
        names = dict.fromkeys((*given, *self._wanted.patches))
        theirs = Reading.of(origin.state, origin.overlay)
        return patches.carried(theirs, origin.overlay, self._reading, self._overlay, names)

    def _files(self, patched: Iterable[str]) -> set[str]:
        """What goes along as it is: files of a base, and patches of the stage before."""
        return {*self._brought, *(f"{origin.overlay.path}/{name}" for origin in self._origins for name in patched)}

    def _theirs(self) -> Carried:
        """What the stage before has, the trunk nothing; raises RefusedError where its environments disagree."""
        origins = [origin for origin in self._origins if origin.is_environment]
        found = [carried(Reading.of(origin.state, origin.overlay), origin.overlay) for origin in origins]
        for origin, other in zip(origins[1:], found[1:], strict=True):
            if (other.images, dict(other.charts)) != (found[0].images, dict(found[0].charts)):
                both = f"{origins[0].name!r} and {origin.name!r} have different versions"
                raise RefusedError(f"{both} of {full_name(origin.overlay)}; name one with --from")
        return found[0] if found else Carried({}, {}, frozenset())

    def _settings(self, theirs: Carried, ours: Carried) -> Iterator[tuple[Setting, Image]]:
        """Every place that has to change, with the version that it gets."""
        for name, image in theirs.images.items():
            own = _counterpart(name, theirs.images, ours.images)
            if own and own.version != image.version and not self._policy.leaves(image.name):
                wanted = image._replace(name=own.name)
                found = [item for item in sites.settings(self._reading, self._overlay, wanted) if item.edits]
                yield from ((item, wanted) for item in found if item.site.before.version != wanted.version)
        for (owner, pointer), version in theirs.charts.items():
            before = ours.charts.get((owner, pointer), version)
            if before != version and not self._policy.leaves(owner.partition("/")[2]):
                yield self._chart(owner, pointer, before, version)

    def _chart(self, owner: str, pointer: Pointer, before: str, version: str) -> tuple[Setting, Image]:
        found = charts.setting(self._reading, self._overlay, owner, before, version, pointer)
        return found, Image(owner.partition("/")[2], version)

    def _refuse(self, before: Image, image: Image) -> None:
        where = self._overlay.path
        if not self._wanted.older and order.is_older(image.tag, before.tag):
            fact = f"{where} has {before.tag}, which is newer than {image.tag} of {self._origins[0].name!r}"
            raise RefusedError(f"{fact}; --allow-older goes back")
        soak.refuse_fresh(self._origins, image, self._policy.soak, self._now)

    def _mixed(self, theirs: Carried) -> Iterable[str]:
        where = self._origins[0].name
        return (f"{name} runs in several versions in {where!r} and is left alone" for name in sorted(theirs.mixed))

    def _versions(self, moves: Iterable[Move]) -> dict[str, dict[str, str]]:
        """Versions by image and environment; what changes reads `before -> after`."""
        table: dict[str, dict[str, str]] = {}
        for state, overlay in self._cut.every(self._overlay):
            found = carried(Reading.of(state, overlay), overlay)
            for image in found.images.values():
                table.setdefault(_short(image.name), {})[overlay.environment] = image.version
            for (owner, _), version in found.charts.items():
                table.setdefault(owner.partition("/")[2], {})[overlay.environment] = version
        for move in moves:
            text = f"{move.before.version or 'none'} -> {move.after.version}"
            table.setdefault(_short(move.after.name), {})[self._overlay.environment] = text
        return table


def _counterpart(name: str, theirs: Mapping[str, Image], ours: Mapping[str, Image]) -> Image | None:
    """Our image of the same name; where an environment has a registry of its own, the one that ends alike."""
    if name in ours:
        return ours[name]
    alike = [image for other, image in ours.items() if other not in theirs and _short(other) == _short(name)]
    return alike[0] if len(alike) == 1 else None


def _short(name: str) -> str:
    return name.rpartition("/")[2]
