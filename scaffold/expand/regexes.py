"""Regular expressions of Go and .NET, as far as Python's mean the same and cannot run away."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache

from scaffold.expand.unverifiable import UnverifiableError

_LONGEST = 2000  # signs; what is longer takes Python long even to read
_FLAGS = re.compile(r"\(\?([is]+)\)")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SAFE_ESCAPES = frozenset("dDwWsSbBnrtfv")
_CLASS = re.compile(r"\[\^?\]?(?:\[:\w+:\]|[^\]])*\]")
# What Python and .NET read, and RE2 does not: looking around, references back, atomic groups, conditions, comments.
_NOT_OF_GO = re.compile(r"\(\?(?:[=!>(#]|<[=!]|P[=>])|\\[1-9](?![0-7])|[*+?]\+")
_NESTED = re.compile(r"\([^()]*[*+}][^()]*\)[*+{]|[*+}?]\)[*+{]|\)\)[*+{]")
_OTHER_MEANING = re.compile(r"(?<!\[)[$^][*+?{]|\(\?(?!:)|\[\[:|[*+?}]\+")


class MalformedError(UnverifiableError):
    """Go does not read the pattern."""


@lru_cache(maxsize=1024)
def compile_go(pattern: str) -> re.Pattern[str]:
    """Compile an RE2 pattern; raise MalformedError for none, UnverifiableError for what Python reads otherwise."""
    _refuse_long(pattern)
    plain = _without_classes(pattern)
    if _NOT_OF_GO.search(plain) or plain.count("(") > plain.count(")"):
        raise MalformedError(f"the regular expression '{pattern}'")
    flagged = _FLAGS.match(pattern)
    flags = flagged[0] if flagged else ""
    rest = pattern.removeprefix(flags)
    _refuse_doubtful(rest)
    try:
        return _compiled(flags + _translate(rest), re.ASCII)
    except re.error as error:
        raise MalformedError(f"the regular expression '{pattern}'") from error


def fits(pattern: str, text: str) -> bool:
    """Tell whether a pattern of Go is about a whole text, as targets of patches are; one that cannot be read may be."""
    try:
        return compile_go(pattern).fullmatch(text) is not None
    except UnverifiableError:
        return True


def _without_classes(pattern: str) -> str:
    """The pattern with each class and each escaped sign as a letter; nothing of one that quotes a part of itself."""
    if "\\Q" in pattern:
        return ""
    return _CLASS.sub("x", re.sub(r"\\[^1-9]", "x", pattern, flags=re.DOTALL))


def found(pattern: str, text: str) -> bool:
    """Search a .NET pattern, as `sourceNamespaces` does; a malformed one matches nothing."""
    _refuse_long(pattern)
    _refuse_doubtful(pattern.replace("(?!", "(?:").replace("(?=", "(?:"))
    try:
        return _compiled(pattern).search(text) is not None
    except re.error:
        return False


def _compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Compile without the warning that some class may mean another one day."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        try:
            return re.compile(pattern, flags)
        except (RecursionError, OverflowError) as error:
            raise UnverifiableError("a regular expression of many parts") from error


def expand_go(match: re.Match[str], template: str) -> str:
    """Fill `$1`, `${1}` and `$$` of a replacement as Go's Regexp.Expand does."""
    return re.sub(r"\$(?:(\$)|(\w+)|\{(\w+)\})", lambda ref: _reference(match, ref), template, flags=re.ASCII)


def _reference(match: re.Match[str], ref: re.Match[str]) -> str:
    if ref[1]:
        return "$"
    name = ref[2] or ref[3]
    return (match[int(name)] or "") if name.isdigit() and int(name) <= (match.re.groups) else ""


def _refuse_long(pattern: str) -> None:
    if len(pattern) > _LONGEST:
        raise UnverifiableError(f"a regular expression of {len(pattern)} signs")


def _refuse_doubtful(pattern: str) -> None:
    escapes = {e for e in _ESCAPE.findall(pattern) if e.isalnum() and e not in _SAFE_ESCAPES}
    plain = _ESCAPE.sub("x", pattern)
    if escapes or _OTHER_MEANING.search(plain) or _NESTED.search(plain) or not pattern.isascii():
        raise UnverifiableError(f"the regular expression '{pattern}'")


def _translate(pattern: str) -> str:
    """Narrow what is wider in Python: `$` also stands before a final newline, white space has a vertical tab."""
    parts = re.split(r"(\\.|\[(?:\^?\]?(?:\\.|[^\]\\])*)\])", pattern, flags=re.DOTALL)
    return "".join("[\\t\\n\\f\\r ]" if part == "\\s" else part if i % 2 else part.replace("$", r"\Z")
                   for i, part in enumerate(parts))  # fmt: skip
