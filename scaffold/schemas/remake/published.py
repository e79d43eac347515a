"""The OpenAPI definitions of core kinds, as the package kubernetes-validate carries them."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import re
from pathlib import Path
from typing import Any

Definitions = dict[str, Any]


def directory() -> Path:
    """Find the schema files of the installed kubernetes-validate."""
    spec = importlib.util.find_spec("kubernetes_validate")
    if spec is None or spec.origin is None:
        raise SystemExit("kubernetes-validate is not installed; pip install it and try again")
    return Path(spec.origin).parent / "kubernetes-json-schema"


def source() -> str:
    """Name the package and version that the definitions come from."""
    return f"kubernetes-validate {importlib.metadata.version('kubernetes-validate')}"


def minors() -> list[str]:
    """List the Kubernetes minors that the package holds, oldest first."""
    names = [re.fullmatch(r"v(\d+)\.(\d+)\.\d+-local-strict", path.name) for path in directory().iterdir()]
    return [f"{major}.{minor}" for major, minor in sorted((int(m[1]), int(m[2])) for m in names if m)]


def definitions(minor: str) -> Definitions:
    """Read the OpenAPI definitions of one minor."""
    file = directory() / f"v{minor}.0-local-strict" / "_definitions.json"
    loaded: Definitions = _plain(json.loads(file.read_text(encoding="utf-8"))["$defs"])
    _relax(loaded)
    return loaded


def _relax(known: Definitions) -> None:
    """Add what stands below `items` and `additionalProperties` of a schema in a CustomResourceDefinition.

    These two are decoded by code of their own, which lets unknown fields pass and takes a boolean, but no list.
    """
    props = next(name for name in known if name.endswith(".JSONSchemaProps"))
    package = props.rpartition(".")[0]
    for name in ("JSONSchemaProps", "ExternalDocumentation", "ValidationRule"):
        text = re.sub(
            r'(JSONSchemaProps|ExternalDocumentation|ValidationRule)"',
            r'\1Lax"',
            json.dumps(known[f"{package}.{name}"]),
        )
        known[f"{package}.{name}Lax"] = json.loads(text) | {"additionalProperties": True}
    known[f"{props}OrBool"] = known[f"{props}Lax"] | {"x-or-boolean": True}
    known[f"{props}OrArray"] = {"$ref": f"#/$defs/{props}Lax"}


def _plain(value: Any) -> Any:
    """Drop the descriptions, which are not to tell two definitions apart."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: _plain(item) for key, item in value.items() if key != "description" or not isinstance(item, str)}
