"""What one overlay misses and another one renders is no flaw."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import TypeVar

from scaffold.assemble.apart import Cluster
from scaffold.model import Confidence, Finding, Identity, LocatedFinding, Overlay, SourceFile
from scaffold.validate.elsewhere.kinds import BESIDE
from scaffold.validate.elsewhere.known import Known
from scaffold.validate.elsewhere.makers import Spot

_RBAC = "rbac.authorization.k8s.io"
_Either = TypeVar("_Either", Finding, LocatedFinding)


def standing(
    findings: Mapping[str, Iterable[_Either]],
    overlays: Mapping[str, Overlay],
    files: Mapping[str, SourceFile],
    clusters: Mapping[str, Cluster],
) -> dict[str, list[_Either]]:
    """The findings that no other overlay settles, by the overlays that they were found in, if any.

    Of an overlay without a result its files tell. `clusters` are those that overlays go to, as far as they are known.

    Those that are not sure hold only where all objects are known, or where only a slip keeps the name from another's;
    those of low confidence only in the latter case, where the object is there of which they miss a part, or where one
    object alone misses what nothing but files makes, and others of the kind are there.
    """
    found = {name: list(several) for name, several in findings.items()}
    wanted = {(each.unless.group, each.unless.kind) for several in found.values() for each in several if each.unless}
    if not wanted:
        return found
    wanted |= {(kind[0], BESIDE[kind]) for kind in wanted if kind in BESIDE}
    known = Known(overlays.values(), wanted, files, clusters)
    alone = _alone(found)
    settled: set[tuple[Identity, Confidence, Spot]] = set()  # thousands of overlays may miss the same

    def stood(each: _Either, name: str) -> _Either | None:
        if each.unless is None:
            return each
        overlay = each.overlay or name  # a patch in a file is found in the overlay that reads it
        question = (each.unless, each.confidence, known.spot(overlay))
        if question in settled:
            return None
        left = _left(known, each, each.unless, overlay, alone)
        if left is None:
            settled.add(question)
        return left

    return {name: [left for each in several if (left := stood(each, name))] for name, several in found.items()}


def _alone(findings: Mapping[str, list[_Either]]) -> frozenset[tuple[str, str, str]]:
    """What one object alone misses, by group, kind and name: somebody has made by hand what several name."""
    missing: dict[tuple[str, str, str], set[str]] = {}
    for each in (each for several in findings.values() for each in several):
        if each.unless:
            missing.setdefault(_any(each.unless), set()).add(each.message)
    return frozenset(key for key, messages in missing.items() if len(messages) == 1)


def _any(identity: Identity) -> tuple[str, str, str]:
    return identity.group, identity.kind, identity.name


def certain(findings: Iterable[LocatedFinding], *, whole: bool) -> Iterator[LocatedFinding]:
    """The findings that hold whatever else there is; where the whole repository was rendered, all of them."""
    return (finding for finding in findings if whole or finding.unless is None)


def _meaning(finding: _Either, guess: str) -> _Either:
    """The finding with the name that was meant for its remedy."""
    fact = finding.message.rpartition("; ")[0]
    return finding.surely(f"{fact}; did you mean {guess.rpartition('/')[2]!r}?")


def _others(known: Known, wanted: Identity, overlay: str) -> str:
    kin = known.kin(wanted, overlay)
    return repr(kin) if kin else known.others(wanted, overlay)


def _is_namesake(finding: Finding | LocatedFinding) -> bool:
    """Tell whether an object that misses something is called like what it may have meant; a message begins with it."""
    guess = finding.guess if isinstance(finding, Finding) else ""
    return bool(guess) and finding.message.split(" ", 2)[1:2] == [repr(guess)]


def _left(
    known: Known, finding: _Either, wanted: Identity, overlay: str, alone: Container[tuple[str, str, str]]
) -> _Either | None:
    """The finding, perhaps with a better remedy; None where what there is settles it."""
    fact = finding.message.rpartition("; ")[0]
    if known.has(wanted, overlay):
        return None
    if near := known.near(wanted, overlay):
        return finding.surely(f"{fact}{near}")
    told = finding.confidence is Confidence.HIGH
    if guess := known.meant(wanted, overlay):
        return finding if told else _meaning(finding, guess)
    if known.has_others(wanted, overlay):
        return finding.surely(finding.message)
    others = _others(known, wanted, overlay) if _any(wanted) in alone and not told else ""
    if others:
        return finding.surely(f"{fact}; there is {others}")
    sure = told or (finding.confidence is Confidence.MEDIUM and known.all_told(wanted))
    # A role of a chart is bound by the chart, and what is called like the object that is meant means that one.
    by_files = told and (wanted.group == _RBAC or _is_namesake(finding))
    return finding if sure and (by_files or not known.makes(wanted, overlay)) else None
