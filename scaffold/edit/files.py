"""A file's bytes with changes made in them, proved by reading the result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scaffold import parse
from scaffold.edit.changes import Change, Set, outcome
from scaffold.edit.places import RefusedError, Splice
from scaffold.edit.splices import splice
from scaffold.errors import ScaffoldError

_BOM = "\ufeff"


def changed(content: bytes, changes: Sequence[Change], name: str) -> bytes:
    """The content with the changes, every other byte as it was; the result is read again to prove that.

    Pointers lead to places as the content has them, through aliases and merges. Where an alias and its anchor get the
    same value, the alias stays.
    Raises ScaffoldError, with the name of the file, where the content is no YAML, where a place is not written there,
    and where more would change than what is asked for: a value with aliases elsewhere, say.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused(name, "it is not UTF-8 text") from error
    mark, body = (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)
    before = parse.documents(body, name)
    try:
        return (mark + _made(body, before, changes)).encode("utf-8")
    except RefusedError as error:
        raise _refused(name, str(error)) from error
    except (LookupError, TypeError, parse.YamlError) as error:
        raise _refused(name, f"{_list(changes)} cannot be changed in place") from error


def _made(text: str, before: list[object], changes: Sequence[Change]) -> str:
    wanted, nodes = outcome(before, changes), parse.spans(text)
    splices = [splice(text, nodes, change) for change in changes]
    own = [item for change, item in zip(changes, splices, strict=True) if not _is_alias(text, item, change)]
    for chosen in (own, splices):
        made = _spliced(text, chosen)
        if parse.parse(made).documents == wanted:
            return made
    raise RefusedError(f"{_list(changes)} cannot change alone, as where an anchor is used elsewhere")


def _is_alias(text: str, item: Splice, change: Change) -> bool:
    return isinstance(change, Set) and text[item.start : item.start + 1] == "*"


def _spliced(text: str, splices: Iterable[Splice]) -> str:
    parts, end = [], 0
    for item in sorted(dict.fromkeys(splices), key=lambda item: (item.start, item.end)):
        if item.start < end:
            raise RefusedError("two changes meet in one place")
        parts += [text[end : item.start], item.text]
        end = item.end
    return "".join([*parts, text[end:]])


def _refused(name: str, why: str) -> ScaffoldError:
    return ScaffoldError(f"{name}: {why}; change it by hand")


def _list(changes: Iterable[Change]) -> str:
    return ", ".join(repr(".".join(map(str, change.pointer))) for change in changes)
