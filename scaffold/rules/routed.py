"""Routes of Alertmanager below one, and which of them no alert gets to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from scaffold.expand import alert_routes
from scaffold.expand.alert_routes import Matchers
from scaffold.model import Pointer, mapping, sequence

_MOST = 200  # routes in a list that are compared, so that a list of thousands takes no time that grows by its square
_OWN = frozenset(("continue", "match", "match_re", "matchers", "receiver"))


class Unreached(NamedTuple):
    """A route that no alert gets to, and why: `by` are those before it that take all, or `label` is what it lacks."""

    pointer: Pointer
    what: str
    by: tuple[tuple[Pointer, str], ...] = ()
    label: str = ""

    def fact(self, at: str = "") -> str:
        """Why, and what to do; `at` is where the first of those before it stands."""
        said = f"{self.what} is never reached, since"
        if self.label:
            fact = f"{said} its matchers, with those of the routes above it, leave no value of label {self.label!r}"
            return f"{fact}; mend them, or take it out"
        takes = "takes" if len(self.by) == 1 else f"and {len(self.by) - 1} more take"
        stops = "does not continue" if len(self.by) == 1 else "do not continue"
        fact = f"{said} {self.by[0][1]} before it{at} {takes} all that it matches and {stops}"
        return f"{fact}; put it first, or set 'continue: true' there"


def unreached(route: Mapping[str, Any], pointer: Pointer, above: Matchers = ()) -> Iterator[Unreached]:
    """Yield the routes below one that no alert gets to, but not what is below those; `above` is what it matches."""
    before: list[tuple[Pointer, Mapping[str, Any], Matchers]] = []
    for index, child in enumerate(map(mapping, sequence(route.get("routes")))):
        where, own = (*pointer, "routes", index), alert_routes.matchers(child)
        if own is None:
            continue  # nothing is known of what it lets through
        context = (*above, *own)
        lost = _lost(where, child, context, before[:_MOST])
        if lost:
            yield lost
        else:
            yield from unreached(child, where, context)
        if child.get("continue") in (None, False):
            before.append((where, child, own))


def _lost(
    where: Pointer,
    child: Mapping[str, Any],
    context: Matchers,
    before: Sequence[tuple[Pointer, Mapping[str, Any], Matchers]],
) -> Unreached | None:
    if label := alert_routes.void(context):
        return Unreached(where, _what(child, where), label=label)
    takers = [before[index] for index in alert_routes.taken([own for _, _, own in before], context)]
    if not takers or all(_is_same(child, other) for _, other, _ in takers):
        return None
    return Unreached(where, _what(child, where), tuple((at, _what(other, at)) for at, other, _ in takers))


def _is_same(child: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether it makes no difference by which of both an alert is told."""
    return child.keys() <= _OWN and child.get("receiver") == other.get("receiver")


def _what(route: Mapping[str, Any], pointer: Pointer) -> str:
    receiver = route.get("receiver")
    return f"the route to {str(receiver)!r}" if receiver else f"route {pointer[-1]}"
