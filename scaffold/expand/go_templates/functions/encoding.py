"""JSON, YAML, base64 and hashes as Go writes them (encoding/json, sigs.k8s.io/yaml, sprig 3.3)."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

from scaffold.errors import ScaffoldError
from scaffold.expand.go_templates.functions.signatures import Function, Table
from scaffold.expand.go_values import NilList, TemplateError, from_json, show_float
from scaffold.expand.unverifiable import UnverifiableError
from scaffold.parse import parse

_HTML = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./@-]*(:[A-Za-z0-9_./@-]+)*")
_RESOLVED = frozenset("y yes true on n no false off null none".split())


def to_json(value: Any, *, html: bool = True) -> str:
    """Write JSON as encoding/json does: keys sorted, numbers shortest, `<`, `>` and `&` escaped unless told not to."""
    if isinstance(value, dict):
        members = (f"{to_json(key, html=html)}:{to_json(value[key], html=html)}" for key in sorted(value))
        return "{" + ",".join(members) + "}"
    if isinstance(value, NilList):
        return "null"
    if isinstance(value, list):
        return "[" + ",".join(to_json(item, html=html) for item in value) + "]"
    if isinstance(value, float):
        return _json_float(value)
    if isinstance(value, str):
        return _json_text(value, html=html)
    return json.dumps(value)


def _json_float(value: float) -> str:
    text = show_float(value, (-6, 21))
    if text[-1] not in "0123456789":
        raise TemplateError(f"json: unsupported value: {text}")
    return re.sub(r"e-0(\d)$", r"e-\1", text)


def _json_text(value: str, *, html: bool) -> str:
    text = json.dumps(value, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return re.sub("[<>&]", lambda match: _HTML[match[0]], text) if html else text


def _from_json(text: str) -> Any:
    try:
        return _must_from_json(text)
    except TemplateError:
        return None


def _must_from_json(text: str) -> Any:
    try:
        return from_json(json.loads(text, parse_constant=_no_constant))
    except (ValueError, RecursionError) as error:
        raise TemplateError(f"invalid JSON: {error}") from error


def _no_constant(name: str) -> None:
    raise ValueError(f"invalid character in {name}")


def _from_yaml(text: str) -> Any:
    value = _parsed(text)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise TemplateError("error unmarshaling JSON: not a map")
    return value


def _from_yaml_array(text: str) -> Any:
    value = _parsed(text)
    if value is None:
        return []
    if not isinstance(value, list):
        raise TemplateError("error unmarshaling JSON: not a list")
    return value


def _parsed(text: str) -> Any:
    try:
        documents = parse(text).documents
    except ScaffoldError as error:
        raise TemplateError(f"error converting YAML to JSON: {error}") from error
    return from_json(documents[0]) if documents else None


def to_yaml(value: Any) -> str:
    """Write YAML as sigs.k8s.io/yaml does; a text that would need other than plain or double quotes is not resolved."""
    return "\n".join(_lines(value)) if isinstance(value, dict | list) and value else _scalar(value)


def _lines(value: Any) -> list[str]:
    found: list[str] = []
    items = [(f"{_scalar(key)}:", value[key]) for key in _sorted_keys(value)] if isinstance(value, dict) else [
        ("-", item) for item in value
    ]  # fmt: skip
    for head, item in items:
        if not isinstance(item, dict | list) or not item:
            found.append(f"{head} {_scalar(item)}")
        elif head == "-":
            first, *rest = _lines(item)
            found += [f"- {first}", *(f"  {line}" for line in rest)]
        else:
            pad = "" if isinstance(item, list) else "  "
            found += [head, *(pad + line for line in _lines(item))]
    return found


def _sorted_keys(value: dict[str, Any]) -> list[str]:
    """Keys sort as words and numbers in Go's YAML writer; only keys where that makes no difference are resolved."""
    if len(value) > 1 and not all(re.fullmatch("[a-z]+|[A-Z]+", key) for key in value):
        raise UnverifiableError("the order of keys that are not all letters, in toYaml")
    if len({key.isupper() for key in value}) > 1:
        raise UnverifiableError("the order of keys in upper and lower case, in toYaml")
    return sorted(value)


def _scalar(value: Any) -> str:
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, list):
        return "null" if isinstance(value, NilList) else "[]"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 2**63 else show_float(value)
    if not isinstance(value, str):
        return to_json(value)
    if value.lower() in _RESOLVED or value == "" or re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
        return f'"{value}"'
    if not _PLAIN.fullmatch(value):
        raise UnverifiableError("how toYaml quotes a text")
    return value


def _b64dec(text: str) -> str:
    try:
        return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True).decode()
    except ValueError as error:
        raise UnverifiableError("what b64dec makes of a text that is not base64 of text") from error


def _b32dec(text: str) -> str:
    try:
        return base64.b32decode(text.replace("\n", "").replace("\r", "")).decode()
    except ValueError as error:
        raise UnverifiableError("what b32dec makes of a text that is not base32 of text") from error


TABLE: Table = {
    "toJson": Function("a", to_json),
    "mustToJson": Function("a", to_json),
    "toRawJson": Function("a", lambda value: to_json(value, html=False)),
    "mustToRawJson": Function("a", lambda value: to_json(value, html=False)),
    "fromJson": Function("s", _from_json),
    "mustFromJson": Function("s", _must_from_json),
    "toYaml": Function("a", to_yaml),
    "fromYaml": Function("s", _from_yaml),
    "fromYamlArray": Function("s", _from_yaml_array),
    "b64enc": Function("s", lambda text: base64.b64encode(text.encode()).decode()),
    "b64dec": Function("s", _b64dec),
    "b32enc": Function("s", lambda text: base64.b32encode(text.encode()).decode()),
    "b32dec": Function("s", _b32dec),
    "sha1sum": Function("s", lambda text: hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()),
    "sha256sum": Function("s", lambda text: hashlib.sha256(text.encode()).hexdigest()),
    "sha512sum": Function("s", lambda text: hashlib.sha512(text.encode()).hexdigest()),
}
