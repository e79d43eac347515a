"""One line of a policy, read as Argo CD 3.5.7 does: with the CSV reader of Go, whose fields are then counted."""

from __future__ import annotations

from typing import NamedTuple

from scaffold.model import NOWHERE, Place

_SPACES = "".join(
    map(chr, (*range(9, 14), 32, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000))
)  # Go's
_FIELDS = {"p": 6, "g": 3}
_FORMS = {"p": "p, subject, resource, action, object, effect", "g": "g, member, role"}


class LineError(ValueError):
    """Argo CD refuses the line, and with it the whole policy; the message says why."""


class Line(NamedTuple):
    """A rule (`p`) or a membership (`g`): its fields without the kind, and where it stands."""

    kind: str
    fields: tuple[str, ...]
    place: Place = NOWHERE

    def __str__(self) -> str:
        return ", ".join((self.kind, *self.fields))


def read_line(text: str, place: Place = NOWHERE) -> Line | None:
    """Read a line; None for one that is empty or a comment. Raises LineError."""
    text = text.strip(_SPACES)
    if not text or text.startswith("#"):
        return None
    kind, *fields = csv_fields(text)
    if kind not in _FIELDS:
        raise LineError(f"it begins with {kind!r}, and a line begins with 'p' or 'g'")
    if len(fields) + 1 != _FIELDS[kind]:
        raise LineError(f"it has {len(fields) + 1} fields, not the {_FIELDS[kind]} of '{_FORMS[kind]}'")
    return Line(kind, tuple(fields), place)


def csv_fields(text: str) -> list[str]:
    """The fields of one record, as encoding/csv of Go reads it with TrimLeadingSpace. Raises LineError."""
    fields = []
    rest: str | None = text
    while rest is not None:
        rest = rest.lstrip(_SPACES)
        field, rest = _quoted(rest[1:]) if rest.startswith('"') else _bare(rest)
        fields.append(field)
    return fields


def _bare(text: str) -> tuple[str, str | None]:
    field, comma, rest = text.partition(",")
    if '"' in field:
        raise LineError(f"a quote stands inside of the field {field!r}")
    return field, rest if comma else None


def _quoted(text: str) -> tuple[str, str | None]:
    """The field after its opening quote; two quotes in it mean one."""
    taken = []
    while True:
        part, quote, text = text.partition('"')
        taken.append(part)
        if not quote:
            raise LineError("a quote is not closed")
        if text.startswith('"'):
            taken.append('"')
            text = text[1:]
        elif not text:
            return "".join(taken), None
        elif text.startswith(","):
            return "".join(taken), text[1:]
        else:
            raise LineError(f"text follows the closing quote: {text!r}")
