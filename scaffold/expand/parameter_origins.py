"""Where the parameters of an application come from, as far as they say so themselves."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping
from typing import Any

from scaffold.model import mapping

_FLAT = "path.filename"
_LONGEST = 60  # characters of an element that a sentence takes


def of(parameters: Mapping[str, Any]) -> str:
    """The file that a git generator read them from, or the element itself if it is short; else nothing."""
    if file := file_of(parameters):
        return file
    element = json.dumps(dict(parameters), default=str)
    return f"element {element}" if "path" not in parameters and len(element) <= _LONGEST else ""


def file_of(parameters: Mapping[str, Any]) -> str:
    """The file that a git generator read them from, if it names one; a prefix may stand before its names."""
    for held in (parameters, *(mapping(value) for value in parameters.values())):
        if name := mapping(held.get("path")).get("filename"):
            return _joined(held["path"].get("path"), name)
    flat = next((key for key in parameters if key == _FLAT or key.endswith(f".{_FLAT}")), "")
    return _joined(parameters.get(flat.removesuffix(".filename")), parameters[flat]) if flat else ""


def _joined(directory: object, name: object) -> str:
    return posixpath.normpath(posixpath.join(str(directory), str(name)))
