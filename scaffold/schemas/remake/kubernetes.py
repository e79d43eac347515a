"""Core kinds: published definitions made as strict, and as lenient, as a server is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from scaffold.schemas.remake.lenient import NAMELESS, SCOPES, required
from scaffold.schemas.remake.published import Definitions
from scaffold.schemas.remake.share import Shelf

# Go's decoders: `encoding/base64` skips line breaks, `resource.ParseQuantity` takes these suffixes only.
_DIGIT = r"(?:[A-Za-z0-9+/][\r\n]*)"
_BASE64 = rf"^[\r\n]*({_DIGIT}{{4}})*({_DIGIT}{{2}}=[\r\n]*=[\r\n]*|{_DIGIT}{{3}}=[\r\n]*)?$"
_QUANTITY = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]*)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$"
_ANY: dict[str, Any] = {}
_SPECIAL: dict[str, dict[str, Any]] = {
    "util.intstr.IntOrString": {"type": ["integer", "string"]},
    "api.resource.Quantity": {"type": ["string", "number"], "pattern": _QUANTITY},
    "meta.v1.Time": {"type": "string"},
    "meta.v1.MicroTime": {"type": "string"},
    "meta.v1.FieldsV1": _ANY,
    "meta.v1.Patch": _ANY,
    "runtime.RawExtension": _ANY,
    "apiextensions.v1.JSON": _ANY,
    "apiextensions.v1.JSONSchemaPropsOrStringArray": _ANY,
}


class Kind(NamedTuple):
    api_version: str
    kind: str
    scope: str | None
    definition: str


def _reach(known: Definitions, name: str) -> set[str]:
    """Name every definition that one refers to, itself only where it comes back to itself."""
    found: set[str] = set()
    ahead = [name]
    while ahead:
        below = set(_REFERENCE.findall(json.dumps(known[ahead.pop()]))) - found
        found |= below
        ahead += below
    return found


class Converter:
    """Turns the definitions of one minor into shared strict ones."""

    def __init__(self, known: Definitions, shelf: Shelf) -> None:
        self.known, self.shelf = known, shelf
        self.done: dict[tuple[str, bool], dict[str, Any]] = {}

    def kinds(self, scopes: dict[str, str]) -> Iterator[Kind]:
        """Yield every kind that is an object or a list of objects."""
        for name, definition in self.known.items():
            metadata = definition.get("properties", {}).get("metadata", {}).get("$ref", "")
            if not metadata.endswith(("meta.v1.ObjectMeta", "meta.v1.ListMeta")):
                continue
            for gvk in definition.get("x-kubernetes-group-version-kind", ()):
                api_version = f"{gvk['group']}/{gvk['version']}".lstrip("/")
                if gvk["kind"] in _META:
                    continue
                key = f"{gvk['group']} {gvk['kind']}"
                scope = scopes.get(key) or SCOPES.get(key)
                yield Kind(api_version, gvk["kind"], scope, self.object(name, gvk["kind"], definition))

    def object(self, name: str, kind: str, definition: dict[str, Any]) -> str:
        """Shelve the schema of a whole object: named, and with a status that may be partial."""
        fields = {key: self.field(value, loose=False) for key, value in definition["properties"].items()}
        needed = [key for key in _required(name, definition) if key != "status"]
        if "status" in fields:
            fields["status"] = self.field(definition["properties"]["status"], loose=True)
        if not kind.endswith("List") and kind not in NAMELESS:
            fields["metadata"] = {"$ref": "#/$defs/Metadata"}
            needed = sorted({*needed, "metadata"})
        whole = {"type": "object", "properties": fields, "additionalProperties": False}
        return self.shelf.put(whole | ({"required": needed} if needed else {}))

    def reference(self, name: str, *, loose: bool) -> dict[str, Any]:
        """Convert a definition by name; what is short stands where it is used."""
        for tail, short in _SPECIAL.items():
            if name.endswith(tail):
                return short
        if name.endswith("meta.v1.ObjectMeta"):
            return {"$ref": "#/$defs/ObjectMeta"}
        if (name, loose) not in self.done:
            self.done[name, loose] = self.convert(name, loose=loose)
        return self.done[name, loose]

    def convert(self, name: str, *, loose: bool) -> dict[str, Any]:
        """Shelve a definition; one that holds itself is named before it is converted."""
        below = _reach(self.known, name)
        if name not in below:
            return self.shelf.reference(self.field(self.known[name], loose=loose, name=name))
        content = self.shelf.digest([self.known[key] for key in sorted(below)])
        alias = f"{name.rsplit('.', 1)[1]}-{content}{'-loose' if loose else ''}"
        self.done[name, loose] = {"$ref": f"#/$defs/{alias}"}
        self.shelf.name(alias, self.field(self.known[name], loose=loose, name=name))
        return self.done[name, loose]

    def field(self, schema: dict[str, Any], *, loose: bool, name: str = "") -> dict[str, Any]:
        """Convert a schema; loose ones require nothing, as a server does not look into `status`."""
        if "$ref" in schema:
            return self.reference(schema["$ref"].rsplit("/", 1)[1], loose=loose)
        kinds = schema.get("type", ())
        kind = kinds if isinstance(kinds, str) else next((k for k in kinds if k != "null"), None)
        result: dict[str, Any] = {"type": kind} | _FORMATS.get(schema.get("format", ""), {}) if kind else {}
        if kind == "object":
            result |= self.members(schema, loose=loose)
            needed = [] if loose else _required(name, schema)
            result |= {"required": needed} if needed else {}
            result |= {"type": ["object", "boolean"]} if schema.get("x-or-boolean") else {}
        elif kind == "array":
            result["items"] = _or_null(self.field(schema["items"], loose=loose))
        return result

    def members(self, schema: dict[str, Any], *, loose: bool) -> dict[str, Any]:
        """Convert what an object holds; an object without named fields holds none, unless it says what it may hold."""
        fields = {key: self.field(value, loose=loose) for key, value in schema.get("properties", {}).items()}
        extra = schema.get("additionalProperties", False)
        extra = self.field(extra, loose=loose) if isinstance(extra, dict) else extra
        return ({"properties": fields} if fields else {}) | {"additionalProperties": extra}


_REFERENCE = re.compile(r'"\$ref": "[^"]*/\$defs/([^"]+)"')
_META = {"Status", "WatchEvent", "DeleteOptions"}
_FORMATS: dict[str, dict[str, Any]] = {
    "byte": {"pattern": _BASE64},
    "int32": {"minimum": -(2**31), "maximum": 2**31 - 1},
}


def _required(name: str, schema: dict[str, Any]) -> list[str]:
    group, _, kind = re.sub(r"\.v\d+\w*(?=\.\w+$)", "", name).rpartition(".")
    proven = required().get(f"{group.rpartition('.')[2]}.{kind}", ())
    return [field for field in schema.get("required", ()) if field in proven]


def _or_null(item: dict[str, Any]) -> dict[str, Any]:
    # A Go list takes null for the zero value of what it holds.
    simple = isinstance(item.get("type"), str) and item["type"] != "object"
    return item | {"type": [item["type"], "null"]} if simple else item
