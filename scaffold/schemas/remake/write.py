"""Writing the data files and their index."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from scaffold.schemas import kustomization
from scaffold.schemas.catalogue import DATA
from scaffold.schemas.remake import kubernetes, packages, published, sources
from scaffold.schemas.remake.share import Shelf, compact, fold
from scaffold.schemas.structural import Schema, of_definition

_INDEX = DATA / "index.json"


def remake(names: Collection[str] = ()) -> None:
    """Write the data files of the named packages (`kubernetes` is one), or all of them."""
    index = json.loads(_INDEX.read_text(encoding="utf-8")) if _INDEX.exists() else {"custom": {}, "sources": {}}
    if not names or "kubernetes" in names:
        _kubernetes(index)
    for package in sources.PACKAGES:
        if not names or package.name in names:
            _custom(index, package)
    _kustomize(index)
    index["sources"] = dict(sorted(index["sources"].items()))
    _INDEX.write_text(_by_line(index) + "\n", encoding="utf-8")


def _kubernetes(index: dict[str, Any]) -> None:
    shelf, scopes = Shelf(), packages.scopes()
    core: dict[str, Any] = {}
    index["versions"] = published.minors()
    for minor in index["versions"]:
        converter = kubernetes.Converter(published.definitions(minor), shelf)
        for found in converter.kinds(scopes):
            entry = core.setdefault(f"{found.api_version} {found.kind}", {"scope": found.scope, "at": {}})
            entry["at"][minor] = found.definition
    index["core"] = dict(sorted(core.items()))
    index["sources"]["kubernetes"] = [published.source(), sources.KUBERNETES]
    _write("kubernetes", shelf.held)
    _metadata()


def _metadata() -> None:
    known = published.definitions(published.minors()[-1])
    shelf = Shelf()
    name = next(key for key in known if key.endswith(".meta.v1.ObjectMeta"))
    shelf.name("ObjectMeta", kubernetes.Converter(known, shelf).field(known[name], loose=False, name=name))
    either = [{"required": ["name"]}, {"required": ["generateName"]}]
    shelf.name("Metadata", {"$ref": "#/$defs/ObjectMeta", "anyOf": either})
    _write("metadata", shelf.held)


def _custom(index: dict[str, Any], package: sources.Package) -> None:
    index["custom"] = {key: entry for key, entry in index["custom"].items() if entry["package"] != package.name}
    rows = [row for crd in packages.definitions(package) for row in of_definition(crd)]
    if not rows:
        raise SystemExit(f"{package.name} holds no CustomResourceDefinition; correct its path")
    if package.filled:
        rows = [(api_version, kind, scope, _open(schema)) for api_version, kind, scope, schema in rows]
    _store(index, package.name, rows, whole=package.whole)
    index["sources"][package.name] = list(package.modules)


def _open(schema: Schema) -> Schema:
    """Drop what a schema requires below an object itself."""
    return schema | {"properties": {name: _optional(field) for name, field in schema["properties"].items()}}


def _optional(value: Any, *, names: bool = False) -> Any:
    if isinstance(value, list):
        return [_optional(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {key: item for key, item in value.items() if names or key != "required"}
    return {key: _optional(item, names=key == "properties" and not names) for key, item in kept.items()}


def _kustomize(index: dict[str, Any]) -> None:
    _store(index, "kustomize", list(kustomization.rows()), whole=True)
    index["sources"]["kustomize"] = [kustomization.SOURCE]


def _store(index: dict[str, Any], package: str, rows: list[tuple[str, str, str, Schema]], *, whole: bool) -> None:
    shelf = Shelf()
    names = fold([schema for *_, schema in rows], shelf)
    for (api_version, kind, scope, _), name in zip(rows, names, strict=True):
        entry: dict[str, Any] = {"scope": scope or None, "package": package, "definition": name}
        entry |= {} if whole else {"partial": True}
        index["custom"][f"{api_version} {kind}"] = entry
    index["custom"] = dict(sorted(index["custom"].items()))
    _write(package, shelf.held)


def _write(name: str, held: dict[str, Any]) -> None:
    lines = [f'"{key}": {compact(value)}' for key, value in sorted(held.items())]
    (DATA / f"{name}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _by_line(index: dict[str, Any]) -> str:
    """Write the index with one kind a line."""
    parts = []
    for key, value in sorted(index.items()):
        rows = [f'"{name}": {compact(row)}' for name, row in value.items()] if isinstance(value, dict) else None
        parts.append(f'"{key}": ' + ("{\n" + ",\n".join(rows) + "\n}" if rows is not None else compact(value)))
    return "{\n" + ",\n".join(parts) + "\n}"
