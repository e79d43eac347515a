"""The known name that an unknown one probably meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Container, Iterable, Sequence

_SLIP = 2  # letters that a slip adds or leaves out at most
_SURE = 0.8  # of 1 for equal names
_WORDS = re.compile("[-.:_]")


def hint(name: str, known: Iterable[str]) -> str:
    """The remedy for an unknown name: the nearest known one, else all of them."""
    names = sorted(known)
    guess = near(name, names)
    if guess:
        return f"did you mean {guess!r}?"
    return f"known are {', '.join(names)}" if names else "none is known"


def near(name: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """The known name that is most like another one, or nothing where none is as like it as asked, from 0 to 1."""
    found = difflib.get_close_matches(name, sorted(known), n=1, cutoff=likeness)
    return found[0] if found else ""


def near_apart(name: str, known: Iterable[str]) -> str:
    """The same where words that both begin or end with tell nothing: `helm-controller` is no `image-controller`."""
    return near(name, (other for other in known if _is_like_apart(name, other)))


def _is_like_apart(one: str, other: str) -> bool:
    """Tell whether two names are alike in what is left without the words that both begin or end with."""
    rests = [_WORDS.split(one), _WORDS.split(other)]
    for _ in rests:  # from the end, and then from the beginning
        same = _alike(*(rest[::-1] for rest in rests))
        rests = [rest[::-1][same:] for rest in rests]
    left = ["-".join(rest) for rest in rests]
    return not all(left) or bool(near(left[0], left[1:]))


def misspelled(name: str, known: Iterable[str]) -> str:
    """The known name that another one can only be a slip of, or nothing: nearly the same letters, as many words."""
    guess = near(name, known)
    if guess and _plain(guess) == _plain(name) and not any(map(str.isdigit, name)):
        return guess  # but for its dashes
    alike = abs(len(guess) - len(name)) <= _SLIP and all(name.count(dash) == guess.count(dash) for dash in "-_")
    return guess if guess and alike and difflib.SequenceMatcher(None, name, guess).ratio() >= _SURE else ""


def _plain(name: str) -> str:
    return name.replace("-", "").replace("_", "")


def slipped(name: str, known: Iterable[str]) -> str:
    """The known name that another one is but for a letter too many, too few or wrong, two swapped or a dash; or "".

    A digit or a whole word more or less tells two names apart: `web-1` is no slip of `web-2`, nor `nfs-a` of `nfs-b`;
    and so do words that are two, as `http` and `https`.
    """
    return next((other for other in sorted(known) if _is_slip(name, other)), "")


def is_kin(one: str, other: str) -> bool:
    """Tell whether one name begins or ends with all words of another one, as `web-old` does with `web`.

    Two of a series, which their numbers tell apart, are no kin.
    """
    if not (one.startswith(other) or one.endswith(other) or other.startswith(one) or other.endswith(one)):
        return False
    shorter, longer = sorted((_WORDS.split(one), _WORDS.split(other)), key=len)
    count, more = len(shorter), len(longer) - len(shorter)
    rest = longer[count:] if longer[:count] == shorter else longer[:more] if longer[more:] == shorter else []
    return bool(rest) and not any(word.isdecimal() for word in rest)


def is_akin(one: str, other: str, kind: str) -> bool:
    """Tell whether one name is another one but for a word at an end or amidst, or for a last one that is short.

    `kind` is that of the objects, in lower case, as a name may have it for its last word.
    """
    return is_kin(one, other) or is_gapped(one, other) or _is_cut(one, other, kind)


def _is_cut(one: str, other: str, kind: str) -> bool:
    """Tell whether the last word of one name is short for the other's, or is its kind: `web-role` is Role `web`."""
    shorter, longer = sorted((one, other), key=len)
    head, _, end = longer.rpartition("-")
    start, _, last = shorter.rpartition("-")
    short = bool(start) and head == start and last[:1] == end[:1] and _is_within(last, end)
    return short or (head == shorter and end == kind)


def is_gapped(one: str, other: str) -> bool:
    """Tell whether a name has all words of another one and more amidst them: `web-leader-election-role`, `web-role`."""
    shorter, longer = sorted((one.split("-"), other.split("-")), key=len)
    cuts = range(1, len(shorter))
    return len(shorter) < len(longer) and any([*longer[:at], *longer[at - len(shorter) :]] == shorter for at in cuts)


def _is_within(letters: str, word: str) -> bool:
    """Tell whether a word has some letters in their order: `svc` of `service`."""
    rest = iter(word)
    return all(letter in rest for letter in letters)


def _is_slip(name: str, other: str) -> bool:
    if name == other or abs(len(name) - len(other)) > 1:
        return False
    start = _alike(name, other)
    end = _alike(name[start:][::-1], other[start:][::-1])
    one, two = (text[start : len(text) - end] for text in (name, other))
    if name[:start].endswith("http") and {one, two} == {"", "s"}:
        return False  # whoever means the one has a reason not to take the other
    whole = not name[start - 1 : start].isalnum() and not name[len(name) - end :][:1].isalnum()
    swapped = len(one) == _SLIP and one == two[::-1] and one.replace("-", "", 1).isalpha()
    letter = not whole and max(len(one), len(two)) == 1 and (f"{one}{two}".isalpha() or f"{one}{two}" == "-")
    return swapped or letter


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many letters two texts, or words two lists, begin alike with."""
    differing = (index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(differing, min(len(one), len(other)))


def corrected(text: str, known: Container[str], meant: Callable[[str], str]) -> str:
    """A list of words between commas with what is meant for each unknown word, blanks as they are."""

    def one(found: re.Match[str]) -> str:
        word = found[0]
        return word if word in known else meant(word) or word

    return re.sub(r"[^,\s](?:[^,]*[^,\s])?", one, text)
