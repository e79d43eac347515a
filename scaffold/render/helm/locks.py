"""Whether a chart's lock file is that of its dependencies, which `helm dependency build` refuses it to be not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from scaffold import parse
from scaffold.errors import ScaffoldError
from scaffold.model import charts, mapping
from scaffold.render import RenderError

FILE = "Chart.lock"
# As Helm 4.2 writes a dependency (`pkg/chart/v2`); the first and the third also where they are empty.
_FIELDS = ("name", "version", "repository", "condition", "tags", "enabled", "import-values", "alias")
_ALWAYS = frozenset(("name", "repository"))
_TEXTS = frozenset(("name", "version", "repository", "condition", "alias"))
_BY_NAME = ("@", "alias:")  # of a repository, whose address the machine that builds knows
_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def check(chart: Path) -> None:
    """Raise RenderError where `helm dependency build` would, by the digest that the lock has of both.

    Argo CD 3.5 runs that where a dependency is not in `charts/` yet. A chart of the first API version may have been
    locked by Helm 2, which made it otherwise.
    """
    told, lock = _document(chart / "Chart.yaml"), _document(chart / FILE)
    asked, locked = charts.dependencies(told), charts.dependencies(lock)
    if told.get("apiVersion") != "v2" or not lock or _are_there(chart, asked):
        return
    if all(map(_is_sure, (*asked, *locked))) and _digest(asked, locked) != lock.get("digest"):
        raise RenderError(f"{FILE} is out of sync with Chart.yaml{_difference(asked, locked)}")


def _document(path: Path) -> Mapping[str, Any]:
    try:
        documents = parse.documents(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError, ScaffoldError):
        return {}
    return mapping(documents[0] if documents else None)


def _are_there(chart: Path, asked: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether Helm finds a chart of the name of each dependency, of whatever version."""
    inner = chart / "charts"
    there = [path.name for path in inner.iterdir()] if inner.is_dir() else []
    names = [str(item.get("name")) for item in asked]
    return all(any(name == each or each.startswith(f"{name}-") for each in there) for name in names)


def _is_sure(item: Mapping[str, Any]) -> bool:
    """Tell whether all that is known of an entry is what Helm reads there, with no regard to the machine."""
    texts = all(isinstance(item.get(field, ""), str) for field in _TEXTS)
    tags = item.get("tags", [])
    listed = isinstance(tags, list) and all(isinstance(tag, str) for tag in tags)
    return texts and listed and not str(item.get("repository", "")).startswith(_BY_NAME)


def _digest(asked: Iterable[Mapping[str, Any]], locked: Iterable[Mapping[str, Any]]) -> str:
    """The digest of both as Go writes them in JSON."""
    text = f"[[{','.join(map(_written, asked))}],[{','.join(map(_written, locked))}]]"
    for sign, escaped in _ESCAPED.items():
        text = text.replace(sign, escaped)
    return f"sha256:{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()}"


def _written(item: Mapping[str, Any]) -> str:
    fields = ((field, item.get(field) or ("" if field in _ALWAYS else None)) for field in _FIELDS)
    pairs = (f"{_json(field)}:{_json(value)}" for field, value in fields if value is not None)
    return f"{{{','.join(pairs)}}}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=str)


def _difference(asked: list[Mapping[str, Any]], locked: list[Mapping[str, Any]]) -> str:
    """The first dependency by which the two lists surely differ."""
    known = {item.get("name"): item for item in locked}
    for item in asked:
        name, other = item.get("name"), known.get(item.get("name"))
        if other is None:
            return f", it lacks {name!r}"
        version = str(item.get("version", ""))
        if _is_one(version) and version != other.get("version"):
            return f", it has {name!r} {other.get('version')}, and {version} is asked for"
    gone = next((name for name in known if name not in {item.get("name") for item in asked}), None)
    return f", it has {gone!r}, which is no dependency any more" if gone else ""


def _is_one(version: str) -> bool:
    """Tell a version from a range of them."""
    return version[:1].isdigit() and version.count(".") > 1 and not {" ", "x", "X", "*", "|", ","} & set(version)
