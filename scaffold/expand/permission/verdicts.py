"""The answer to a question about permission."""

from __future__ import annotations

from dataclasses import dataclass

from scaffold.model import Pointer


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, and where in the project it comes from.

    `pointer` is the entry that denied or allowed; where no entry matched, the list. `unverifiable` says what files do
    not tell; then `allowed` is true, so that nobody reports a guess.
    """

    allowed: bool
    pointer: Pointer
    reason: str
    unverifiable: str = ""


def allowed(pointer: Pointer, reason: str) -> Verdict:
    return Verdict(allowed=True, pointer=pointer, reason=reason)


def denied(pointer: Pointer, reason: str) -> Verdict:
    return Verdict(allowed=False, pointer=pointer, reason=reason)


def unknown(pointer: Pointer, why: str) -> Verdict:
    return Verdict(allowed=True, pointer=pointer, reason="cannot be told from files", unverifiable=why)


def text(value: object) -> str:
    """The value if it is a string, else nothing: projects may be partial or wrong."""
    return value if isinstance(value, str) else ""
