"""Values as Go has them: what is a map of strings, what is nothing, and how each is printed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any


class TemplateError(Exception):
    """Argo CD would refuse the template; `missing` tells that a key was not there, `text` which template it is.

    `given` says where the parameters come from that it was filled with, if that is known.
    """

    def __init__(self, message: str, *, missing: bool = False) -> None:
        super().__init__(message)
        self.missing = missing
        self.text = ""
        self.given = ""


class StringMap(dict[str, Any]):
    """A map[string]string: functions that want a map[string]any refuse it."""


class StringList(list[Any]):
    """A []string."""


class NilList(list[Any]):
    """An empty list that Go has as nil, which JSON writes as null."""


class Fresh(dict[str, Any]):
    """A map made inside the template, which functions may change."""


class Unordered(list[Any]):
    """A list whose order Go leaves to chance."""


class Int64(int):
    """An int64, which is not an int for Go."""


class Nothing:
    """The invalid value: what a missing key gives."""

    def __repr__(self) -> str:
        return "<no value>"


NOTHING = Nothing()


def from_json(value: Any) -> Any:
    """Turn parsed YAML or JSON into what Go's JSON decoder gives: every number is a float64, every key a string."""
    if isinstance(value, str | bool) or value is None:
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, Mapping):
        return {_key(key): from_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [from_json(item) for item in value]
    return str(value)


def _key(key: object) -> str:
    if isinstance(key, str):
        return key
    if key is None:
        return "null"
    return show(key)


def show(value: Any) -> str:
    """Print as fmt's %v does."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return show_float(value)
    if isinstance(value, Mapping):
        return "map[" + " ".join(f"{key}:{show(value[key])}" for key in sorted(value)) + "]"
    if isinstance(value, list):
        return "[" + " ".join(map(show, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "<nil>" if value is None else str(value)


def show_float(value: float, exponents: tuple[int, int] = (-4, 6)) -> str:
    """Print the shortest digits that give the number back, with an exponent outside a range of magnitudes."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    mantissa, _, exponent_text = f"{value!r}".partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.removeprefix("-").partition(".")
    digits = (whole + fraction).lstrip("0")
    if not digits.strip("0"):
        return f"{sign}0"
    exponent = int(exponent_text or 0) + len(whole) - 1 - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    low, high = exponents
    if low <= exponent < high:
        return sign + _plain(digits, exponent)
    rest = "." + digits[1:] if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{rest}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _plain(digits: str, exponent: int) -> str:
    if exponent < 0:
        return "0." + "0" * (-exponent - 1) + digits
    digits = digits.ljust(exponent + 1, "0")
    whole, fraction = digits[: exponent + 1], digits[exponent + 1 :]
    return f"{whole}.{fraction}" if fraction else whole


def type_name(value: Any) -> str:
    """The name of a value's type in Go."""
    if value is None or value is NOTHING:
        return "<nil>"
    for python, name in _TYPE_NAMES:
        if isinstance(value, python):
            return name
    return type(value).__name__


_TYPE_NAMES: tuple[tuple[type, str], ...] = (
    (bool, "bool"),
    (str, "string"),
    (float, "float64"),
    (Int64, "int64"),
    (int, "int"),
    (StringMap, "map[string]string"),
    (dict, "map[string]interface {}"),
    (StringList, "[]string"),
    (list, "[]interface {}"),
)


def truth(value: Any) -> bool:
    """What `if` takes for true."""
    return value is not NOTHING and bool(value)
