"""What the objects of an overlay need of each other, and what they may have meant."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from scaffold.assemble import references
from scaffold.assemble.references import Need
from scaffold.model import Confidence, Finding, Identity, Overlay, Place, is_variable
from scaffold.nearest import is_akin, is_kin, near, slipped

# Above this, two names differ by a letter or two and not by a word.
_ALMOST = 0.88
_WORD = 0.5
_FEW = 300
_MADE = frozenset(("/ConfigMap", "/Secret"))


def unmet(overlay: Overlay, wanted: Iterable[Need]) -> Iterator[tuple[Need, str]]:
    """What an overlay needs and does not render, with a name of its own that is almost the same.

    An overlay without any object of a kind gets them from elsewhere, be it from a chart or by hand: nothing is said.
    """
    for need in wanted:
        names = _names(overlay, need.kind)
        if names and need.name not in names and not is_variable(need.name):
            yield need, _almost(need.name, names) or _renamed(overlay, need)


def asked(needs: Iterable[Need]) -> frozenset[tuple[str, str]]:
    """The kinds and names that are asked for, for `idle`."""
    return frozenset((need.kind, need.name) for need in needs)


def idle(overlay: Overlay, need: Need, named: Container[tuple[str, str]], by: str = "") -> str:
    """The only object of a kind that nothing names, and that is called as is asked for but for a word.

    A release of a chart may have made what is asked for, unless what asks for it, `by`, is called like the object.
    """
    there = _beside(overlay, need)
    kind = need.kind.rpartition("/")[2].lower()
    akin = (n for n in there if is_akin(n, need.name, kind))
    free = [name for name in akin if (need.kind, name) not in named and not _is_added(overlay, need, name)]
    return free[0] if len(free) == 1 and (free[0] == by or not _is_released(overlay, need)) else ""


def _is_added(overlay: Overlay, need: Need, name: str) -> bool:
    """Tell whether a Service only adds to what a chart elsewhere makes: it has a word more, and no pods beside it."""
    return need.kind == "/Service" and name.startswith(f"{need.name}-") and not any(overlay.pods)


def sole(overlay: Overlay, need: Need) -> str:
    """The only object of a kind in a namespace, and that is called as is asked for but for a word."""
    name = next(iter(there)) if len(there := _beside(overlay, need)) == 1 else ""
    return name if name and is_kin(name, need.name) and not _is_released(overlay, need) else ""


def _beside(overlay: Overlay, need: Need) -> set[str]:
    """The objects of a kind in a namespace; none where there are so many that one was hardly meant for another."""
    several = list(overlay.of(need.kind))
    few = several if len(several) <= _FEW else []
    return {item.name for item in few if not need.namespace or item.namespace in ("", need.namespace)}


def _is_released(overlay: Overlay, need: Need) -> bool:
    """Tell whether a release of a chart may make an object: its name is within the object's."""
    return any(release.name in need.name for release in overlay.of("helm.toolkit.fluxcd.io/HelmRelease"))


def missing(place: Place, rule: str, fact: str, need: Need, guess: str) -> Finding:
    """A finding about an unmet need; without a name that was meant, something else may still meet it."""
    group, _, kind = need.kind.rpartition("/")
    remedy = f"did you mean {guess!r}?" if guess else f"add the {kind}, or name the right one"
    confidence = Confidence.HIGH if guess else Confidence.MEDIUM
    unless = Identity(group, kind, need.namespace, need.name)
    return Finding(place, rule, f"{fact}; {remedy}", confidence=confidence, unless=unless, guess=guess)


def _names(overlay: Overlay, kind: str) -> set[str]:
    names = {manifest.name for manifest in overlay.of(kind)}
    if kind in _MADE:
        made = (identity for manifest in overlay.manifests for identity in references.makes(manifest))
        names |= {identity.name for identity in made if f"{identity.group}/{identity.kind}" == kind}
        names |= {references.unhashed(name) for name in names}
    return names


def _renamed(overlay: Overlay, need: Need) -> str:
    """The Secret that an object makes which is itself called as was asked for: its target has another name."""
    for manifest in overlay.manifests if need.kind == "/Secret" else ():
        made = [identity.name for identity in references.makes(manifest) if identity.kind == "Secret"]
        if manifest.name == need.name and manifest.namespace == need.namespace and made:
            return made[0]
    return ""


def _almost(name: str, names: Iterable[str]) -> str:
    """A name that differs by a slip; two that differ by their numbers are two of a series, or by a word, two things."""
    plain = _without_digits(name)
    told_apart = (other for other in names if _is_other_word(name, other) or is_kin(name, other))
    others = {other for other in names if _without_digits(other) != plain}.difference(told_apart)
    return near(name, others, _ALMOST) or slipped(name, others)


def _is_other_word(name: str, other: str) -> bool:
    """Tell whether two names have one word that is not the same, and no slip: `web-tls` and `web-key`."""
    one, two = name.split("-"), other.split("-")
    differing = [words for words in zip(one, two, strict=False) if words[0] != words[1]]
    return len(one) == len(two) and len(differing) == 1 and not near(differing[0][0], differing[0][1:], _WORD)


def _without_digits(name: str) -> str:
    return "".join(letter for letter in name if not letter.isdigit())
