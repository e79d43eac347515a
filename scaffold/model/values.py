"""What manifests are made of, which may be partial or wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

Pointer = tuple[str | int, ...]


def text(value: object) -> str:
    return value if isinstance(value, str) else ""


def group_of(api_version: str) -> str:
    """The API group: empty for `v1`."""
    return api_version.rpartition("/")[0]


def mapping(value: object) -> Mapping[str, Any]:
    """The value if it is a mapping, else an empty one: manifests may be partial or wrong."""
    return value if type(value) is dict or isinstance(value, Mapping) else {}


def sequence(value: object) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def dig(value: object, *pointer: str | int) -> Any:
    """Follow a pointer through mappings and lists; None where it ends early."""
    for part in pointer:
        # The first question is a tenth of the work of the second, and nearly always enough.
        if type(value) is dict or isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and -len(value) <= part < len(value):
            value = value[part]
        else:
            return None
    return value


_SHELL = re.compile(r"\$[A-Z]")
_MARK = r"__[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*__|@[A-Za-z_][\w.-]*@|%[A-Z][A-Z0-9_]*%"  # of a replacer
_TO_FILL_IN = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z]+_)*(?:REPLACE|CHANGE|CHANGEME|FILL|INSERT|PLACEHOLDER|YOUR)(?:_[A-Z]+)*(?![A-Za-z0-9])"
    rf"|(?<![\w@%])(?:{_MARK})(?![\w@%])"
)


def is_variable(value: object) -> bool:
    """Tell whether Flux, or somebody before the engine, fills a value in: it holds `${…}`."""
    return isinstance(value, str) and "${" in value


def is_of_shell(value: object) -> bool:
    """Tell whether a script fills a value in, as `envsubst` does: it holds `$NAME`."""
    return isinstance(value, str) and _SHELL.search(value) is not None


def is_mark(value: object) -> bool:
    """Tell whether a value is no more than what a replacer puts another one for: `@name@`, `%NAME%` or `__NAME__`."""
    return isinstance(value, str) and re.fullmatch(_MARK, value) is not None


def is_to_fill_in(value: object) -> bool:
    """Tell whether a value asks a hand or a script for another one in its place, as `REPLACE_ME` or `@name@`."""
    return isinstance(value, str) and _TO_FILL_IN.search(value) is not None


def is_encrypted(value: object) -> bool:
    """Tell a text that SOPS encrypted."""
    return isinstance(value, str) and value.startswith("ENC[")


def is_templated(value: object) -> bool:
    """Tell whether a generator of an ApplicationSet fills a value in: it holds `{{`."""
    return isinstance(value, str) and "{{" in value


def layered(layers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Values with those that come later on top, as Helm lays several values files over each other.

    Mappings merge key by key, everything else is replaced.
    """
    result: dict[str, Any] = {}
    for layer in layers:
        result = _over(result, layer)
    return result


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(below)
    for key, value in above.items():
        both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
        result[key] = _over(result[key], value) if both else value
    return result
