"""The regular expression functions of sprig 3.3."""

from __future__ import annotations

import re
from typing import Any

from scaffold.expand import regexes
from scaffold.expand.go_templates.functions.signatures import Function, Table
from scaffold.expand.go_values import NilList, StringList
from scaffold.expand.unverifiable import UnverifiableError


def _match(pattern: str, text: str) -> bool:
    return regexes.compile_go(pattern).search(text) is not None


def _find(pattern: str, text: str) -> str:
    found = regexes.compile_go(pattern).search(text)
    return found[0] if found else ""


def _find_all(pattern: str, text: str, limit: int) -> list[str]:
    found = [match[0] for match in _matches(pattern, text)]
    return StringList(found if limit < 0 else found[:limit]) or NilList()


def _matches(pattern: str, text: str) -> list[re.Match[str]]:
    """Go ignores an empty match right after another match; Python does not."""
    found: list[re.Match[str]] = []
    for match in regexes.compile_go(pattern).finditer(text):
        if match[0] or not found or found[-1].end() != match.start():
            found.append(match)
    return found


def _replace(pattern: str, text: str, replacement: str) -> str:
    parts: list[str] = []
    at = 0
    for match in _matches(pattern, text):
        parts += [text[at : match.start()], regexes.expand_go(match, replacement)]
        at = match.end()
    return "".join([*parts, text[at:]])


def _replace_literal(pattern: str, text: str, replacement: str) -> str:
    return _replace(pattern, text, replacement.replace("$", "$$"))


def _split(pattern: str, text: str, limit: int) -> StringList:
    matches = _matches(pattern, text)
    if limit == 0 or any(not match[0] for match in matches):
        raise UnverifiableError("the template function 'regexSplit' at empty places")
    parts: list[str] = []
    at = 0
    for match in matches if limit < 0 else matches[: limit - 1]:
        parts.append(text[at : match.start()])
        at = match.end()
    return StringList([*parts, text[at:]])


def _quote(text: str) -> str:
    return re.sub(r"[\\.+*?()|\[\]{}^$]", lambda match: "\\" + match[0], text)


_TABLE: dict[str, tuple[str, Any]] = {
    "regexMatch": ("ss", _match),
    "regexFind": ("ss", _find),
    "regexFindAll": ("ssi", _find_all),
    "regexReplaceAll": ("sss", _replace),
    "regexReplaceAllLiteral": ("sss", _replace_literal),
    "regexSplit": ("ssi", _split),
}
TABLE: Table = {
    "regexQuoteMeta": Function("s", _quote),
}
for _name, (_parameters, _call) in _TABLE.items():
    TABLE[_name] = TABLE["mustR" + _name[1:]] = Function(_parameters, _call)
