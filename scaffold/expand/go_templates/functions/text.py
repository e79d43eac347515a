"""Functions on text; lengths count bytes, as in Go (sprig 3.3, Argo CD 3.5)."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from scaffold.expand.go_templates.functions.formats import printf, quoted, sprint
from scaffold.expand.go_templates.functions.signatures import LARGEST, Function, Table
from scaffold.expand.go_values import StringList, StringMap, TemplateError, show
from scaffold.expand.names import sanitize_name, slugify
from scaffold.expand.unverifiable import UnverifiableError

_SPACE = "\t\n\v\f\r \x85\xa0"


def strings(value: Any) -> list[str]:
    """What sprig makes of a value where it wants strings: nulls are left out."""
    if isinstance(value, list):
        return [show(item) for item in value if item is not None]
    return [] if value is None else [show(value)]


def _each(text: str, change: str) -> str:
    """Change case rune by rune: a rune never becomes two."""
    if text.isascii():
        return str(getattr(text, change)())
    return "".join(new if len(new := getattr(c, change)()) == 1 else c for c in text)


def _title(text: str) -> str:
    if not text.isascii():
        raise UnverifiableError("the template function 'title' on text that is not ASCII")
    return re.sub(r"(?<![A-Za-z0-9_])[a-z]", lambda match: match[0].upper(), text)


def _untitle(text: str) -> str:
    return re.sub(r"(?<!\S)\S", lambda match: match[0].lower(), text)


def _cut(text: str, start: int, end: int | None) -> str:
    data = text.encode()
    size = len(data)
    if not 0 <= start <= (size if end is None else end) <= size:
        raise TemplateError("slice bounds out of range")
    try:
        return data[start:end].decode()
    except UnicodeDecodeError as error:
        raise UnverifiableError("a cut inside a character") from error


def _trunc(length: int, text: str) -> str:
    size = len(text.encode())
    if length < 0 and size + length > 0:
        return _cut(text, size + length, None)
    return _cut(text, 0, length) if 0 <= length < size else text


def _substr(start: int, end: int, text: str) -> str:
    if start < 0:
        return _cut(text, 0, end)
    return _cut(text, start, None) if end < 0 or end > len(text.encode()) else _cut(text, start, end)


def _repeat(count: int, text: str) -> str:
    if count < 0:
        raise TemplateError("strings: negative Repeat count")
    if count * len(text) > LARGEST:
        raise UnverifiableError("a text of more than a million characters")
    return text * count


def _indent(spaces: int, text: str) -> str:
    pad = _repeat(spaces, " ")
    if spaces * (text.count("\n") + 1) > LARGEST:
        raise UnverifiableError("a text of more than a million characters")
    return pad + text.replace("\n", "\n" + pad)


def _split(separator: str, text: str, limit: int = -1) -> list[str]:
    if limit == 0:
        return []
    if separator:
        return text.split(separator, limit - 1 if limit > 0 else -1)
    return [*text[: limit - 1], text[limit - 1 :]] if 0 < limit < len(text) else [*text]


def _numbered(parts: list[str]) -> StringMap:
    return StringMap({f"_{index}": part for index, part in enumerate(parts)})


def _join(separator: str, value: Any) -> str:
    parts = strings(value)
    if sum(map(len, parts)) + len(separator) * len(parts) > LARGEST:
        raise UnverifiableError("a text of more than a million characters")
    return separator.join(parts)


def _base(path: str) -> str:
    return posixpath.basename(path.rstrip("/")) or ("/" if path else ".")


def _clean(path: str) -> str:
    cleaned = posixpath.normpath(path) if path else "."
    return "/" + cleaned.lstrip("/") if cleaned.startswith("/") else cleaned


def _extension(path: str) -> str:
    name = path.rpartition("/")[2]
    return name[name.rindex(".") :] if "." in name else ""


def _replace(old: str, new: str, text: str) -> str:
    if (text.count(old) if old else len(text) + 1) * len(new) > LARGEST:
        raise UnverifiableError("a text of more than a million characters")
    return text.replace(old, new)


def _slugify(*arguments: Any) -> str:
    if not arguments:
        return slugify("", 50, smart=True)
    *options, name = arguments
    for option, wanted in zip(options, (int, bool), strict=False):
        if type(option) is not wanted:
            raise TemplateError(f"interface conversion: slugify wants {wanted.__name__}")
    if not isinstance(name, str):
        raise TemplateError("interface conversion: slugify wants a string")
    size = options[0] if options else 50
    return slugify(name, size, smart=options[1] if len(options) > 1 else True)


def _fail(message: str) -> str:
    raise TemplateError(message)


TABLE: Table = {
    "trunc": Function("is", _trunc),
    "substr": Function("iis", _substr),
    "trim": Function("s", lambda text: text.strip(_SPACE)),
    "upper": Function("s", lambda text: _each(text, "upper")),
    "lower": Function("s", lambda text: _each(text, "lower")),
    "title": Function("s", _title),
    "untitle": Function("s", _untitle),
    "repeat": Function("is", _repeat),
    "trimall": Function("ss", lambda cut, text: text.strip(cut) if cut else text),
    "trimAll": Function("ss", lambda cut, text: text.strip(cut) if cut else text),
    "trimSuffix": Function("ss", lambda end, text: text.removesuffix(end)),
    "trimPrefix": Function("ss", lambda start, text: text.removeprefix(start)),
    "nospace": Function("s", lambda text: "".join(text.split())),
    "contains": Function("ss", lambda part, text: part in text),
    "hasPrefix": Function("ss", lambda start, text: text.startswith(start)),
    "hasSuffix": Function("ss", lambda end, text: text.endswith(end)),
    "quote": Function("a", lambda *v: " ".join(quoted(show(x)) for x in v if x is not None), rest=True),
    "squote": Function("a", lambda *v: " ".join(f"'{show(x)}'" for x in v if x is not None), rest=True),
    "cat": Function("a", lambda *v: " ".join(show(x) for x in v if x is not None), rest=True),
    "indent": Function("is", _indent),
    "nindent": Function("is", lambda spaces, text: "\n" + _indent(spaces, text)),
    "replace": Function("sss", _replace),
    "toString": Function("a", show),
    "toStrings": Function("a", lambda value: StringList(strings(value))),
    "join": Function("sa", _join),
    "split": Function("ss", lambda separator, text: _numbered(_split(separator, text))),
    "splitn": Function("sis", lambda separator, limit, text: _numbered(_split(separator, text, limit))),
    "splitList": Function("ss", lambda separator, text: StringList(_split(separator, text))),
    "base": Function("s", _base),
    "dir": Function("s", lambda path: _clean(path.rpartition("/")[0] or path[: path.count("/") and 1])),
    "clean": Function("s", _clean),
    "ext": Function("s", _extension),
    "isAbs": Function("s", lambda path: path.startswith("/")),
    "fail": Function("s", _fail),
    "normalize": Function("s", sanitize_name),
    "slugify": Function("a", _slugify, rest=True),
    "print": Function("a", sprint, rest=True),
    "println": Function("a", lambda *values: " ".join(map(show, values)) + "\n", rest=True),
    "printf": Function("sa", printf, rest=True),
}
for _name in ("base", "dir", "clean", "ext", "isAbs"):
    TABLE["os" + _name[0].upper() + _name[1:]] = TABLE[_name]
