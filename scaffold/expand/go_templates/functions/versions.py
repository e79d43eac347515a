"""semverCompare (sprig 3.3, Masterminds/semver 3.4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from scaffold.expand.go_templates.functions.signatures import Function, Table
from scaffold.expand.go_values import TemplateError
from scaffold.expand.unverifiable import UnverifiableError

_SUFFIX = r"(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
_VERSION = re.compile(rf"v?([0-9]{{1,18}})(?:\.([0-9]{{1,18}}))?(?:\.([0-9]{{1,18}}))?{_SUFFIX}\Z")
_ANY = ("x", "X", "*")
_PART = r"([0-9]{1,18}|[xX*])"
_LIMIT = rf"v?{_PART}(?:\.{_PART})?(?:\.{_PART})?{_SUFFIX}"
_OPERATOR = r"(=>|=<|>=|<=|!=|~>|=|>|<|~|\^|)"
_TERM = re.compile(rf"\s*+{_OPERATOR}\s*+{_LIMIT}\s*+")
_RANGE = re.compile(r"(?<!\S)(\S++)\s++-\s++(\S++)")
_LEADING_ZERO = re.compile(r"(?:\A|\.)0[0-9]+(?=\.|\Z)")
_LONGEST = 256


class _Version(NamedTuple):
    """A version in its order; one before the release is less, `identifiers` tell such ones apart."""

    major: int
    minor: int
    patch: int
    released: bool
    identifiers: tuple[tuple[int, int, str], ...]


class _Limit(NamedTuple):
    """One comparison; `given` is how many numbers are, before one that is absent or may be any."""

    operator: str
    version: _Version
    given: int


def _version(major: str, minor: str | None, patch: str | None, before: str | None) -> _Version:
    if before and _LEADING_ZERO.search(before):
        raise TemplateError("version segment starts with 0")
    parts = before.split(".") if before else []
    identifiers = tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)
    return _Version(int(major), int(minor or 0), int(patch or 0), not parts, identifiers)


def _limit(operator: str, numbers: tuple[str | None, ...], before: str | None) -> _Limit:
    given = next((index for index, number in enumerate(numbers) if number is None or number in _ANY), 3)
    known = [*numbers[:given], "0", "0", "0"]
    return _Limit(operator, _version(str(known[0]), known[1], known[2], before), given)


def _group(text: str) -> list[_Limit]:
    """The limits of one alternative; raises UnverifiableError for a form that is seldom seen."""
    limits: list[_Limit] = []
    at = 0
    while at < len(text) or not limits:
        found = _TERM.match(text, at)
        if not found:
            raise UnverifiableError(f"the version constraint '{text}'")
        limits.append(_limit(found[1], found.group(2, 3, 4), found[5]))
        at = found.end()
        if at < len(text) and text[at] == ",":
            at += 1
        elif at < len(text) and not text[at - 1].isspace():
            raise UnverifiableError(f"the version constraint '{text}'")
    return limits


def _tilde(version: _Version, limit: _Limit) -> bool:
    wanted = limit.version
    if version < wanted:
        return False
    if limit.given in (0, 3) and wanted[:3] == (0, 0, 0):
        return True
    return version.major == wanted.major and (limit.given == 1 or version.minor == wanted.minor)


def _caret(version: _Version, limit: _Limit) -> bool:
    wanted = limit.version
    if version < wanted:
        return False
    if wanted.major > 0 or limit.given == 1:
        return version.major == wanted.major
    if wanted.minor > 0 or limit.given == 2:
        return version[:2] == (0, wanted.minor)
    return version[:3] == wanted[:3]


def _equal(version: _Version, limit: _Limit) -> bool:
    return version == limit.version if limit.given == 3 else _tilde(version, limit)


def _differs(version: _Version, limit: _Limit) -> bool:
    wanted = limit.version
    if limit.given in (1, 2) and version[: limit.given] != wanted[: limit.given]:
        return True
    if limit.given == 2:
        return version.identifiers != wanted.identifiers
    return limit.given != 1 and version != wanted if version.major == wanted.major else True


def _above(version: _Version, limit: _Limit) -> bool:
    wanted = limit.version
    if limit.given in (0, 3):
        return version > wanted if limit.given == 3 or version.major == 0 else True
    return version[: limit.given] > wanted[: limit.given]


def _at_most(version: _Version, limit: _Limit) -> bool:
    wanted = limit.version
    if limit.given == 3:
        return version <= wanted
    if limit.given == 1:
        return version.major <= wanted.major
    return version[:2] <= wanted[:2]


_CHECKS: dict[str, Callable[[_Version, _Limit], bool]] = {
    "": _equal,
    "=": _equal,
    "!=": _differs,
    ">": _above,
    "<": lambda version, limit: version < limit.version,
    ">=": lambda version, limit: version >= limit.version,
    "=>": lambda version, limit: version >= limit.version,
    "<=": _at_most,
    "=<": _at_most,
    "~": _tilde,
    "~>": _tilde,
    "^": _caret,
}


def semver_compare(constraint: str, version: str) -> bool:
    """Tell whether a version is in a range; raises UnverifiableError for a form of range that is seldom seen."""
    found = _VERSION.match(version) if len(version) <= _LONGEST else None
    if any("|" in item[0] for item in _RANGE.finditer(constraint)):  # there it is not what it looks like
        raise UnverifiableError(f"the version constraint '{constraint}'")
    ranged = _RANGE.sub(r">= \1, <= \2 ", constraint)
    groups = [_group(text) for text in ranged.split("||")]
    if not found:
        raise TemplateError("invalid semantic version")
    return any(_holds(_version(*found.group(1, 2, 3, 4)), group) for group in groups)


def _holds(version: _Version, limits: list[_Limit]) -> bool:
    """All limits hold; a version before its release needs a limit that is one too."""
    if not version.released and all(limit.version.released for limit in limits):
        return False
    return all(_CHECKS[limit.operator](version, limit) for limit in limits)


TABLE: Table = {"semverCompare": Function("ss", semver_compare)}
