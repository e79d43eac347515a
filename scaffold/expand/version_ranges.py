"""Whether a text is a range of versions, and whether that can hold any, as Masterminds/semver 3.4 reads it."""

from __future__ import annotations

import re
from itertools import chain

from scaffold.expand.go_templates.functions import versions
from scaffold.expand.go_values import TemplateError
from scaffold.expand.unverifiable import UnverifiableError

_NUMBERS = re.compile(r"(?<![\w.-])v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(-[0-9A-Za-z.-]+)?")
_HIGH = 999_999_999
_LABELS = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_PART = rf"[xX*\d]+(?:\.[xX*\d]+){{0,2}}(?:-{_LABELS})?(?:\+{_LABELS})?"
_ONE = rf"(?:[<>]=?|!=|=>|=<|[=~^]|~>)?\s*v?{_PART}"
_RANGE = re.compile(rf"{_ONE}(?:\s+-\s+v?{_PART})?(?:\s*[,\s]\s*{_ONE})*")


def is_one(wanted: str) -> bool:
    """Tell a range, or a version, from what is refused as an improper constraint."""
    return all(_RANGE.fullmatch(part.strip()) for part in wanted.split("||"))


def is_empty(wanted: str) -> bool:
    """Tell whether no version is in it; False for what is no range, or one that is seldom seen.

    The least version of a range that is not empty is at one of its limits, or next to one.
    """
    if not any(sign in wanted for sign in "<>=~^ ,") or "$" in wanted or "{" in wanted:
        return False
    try:
        return not any(versions.semver_compare(wanted, version) for version in _candidates(wanted))
    except (TemplateError, UnverifiableError):
        return False


def _candidates(wanted: str) -> list[str]:
    found = [tuple(int(part or 0) for part in each.group(1, 2, 3)) for each in _NUMBERS.finditer(wanted)]
    exact = [each[0].removeprefix("v") for each in _NUMBERS.finditer(wanted) if each[4]]
    around = chain.from_iterable(
        ((a, b, c), (a, b, c + 1), (a, b + 1, 0), (a + 1, 0, 0), (a, b, max(c - 1, 0))) for a, b, c in found
    )
    return [*exact, *(".".join(map(str, each)) for each in (*around, (0, 0, 0), (_HIGH, 0, 0)))]
