"""Conversions and arithmetic: int64 everywhere, as sprig 3.3 has it with spf13/cast."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from scaffold.expand.go_templates.functions.signatures import LARGEST, Function, Table
from scaffold.expand.go_values import Int64, TemplateError, show
from scaffold.expand.unverifiable import UnverifiableError

_DECIMAL = re.compile(r"([+-]?)([0-9][0-9_]*|0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+)")
_FLOAT = re.compile(r"[+-]?([0-9]++(?:\.[0-9]*+)?|\.[0-9]++)([eE][+-]?[0-9]+)?")
_LIMIT = 2**63


def _int(value: Any) -> int:
    """Convert to a whole number; what cannot be converted is 0."""
    if isinstance(value, str):
        return _parsed(value)
    if isinstance(value, float):
        if not math.isfinite(value) or abs(value) >= _LIMIT:
            raise UnverifiableError("a number beyond 64 bits")
        return int(value)
    return int(value) if isinstance(value, int) else 0


def _parsed(text: str) -> int:
    whole, dot, fraction = text.partition(".")
    if dot and fraction.strip("0"):
        raise UnverifiableError(f"the conversion of '{text}' to a whole number")
    match = _DECIMAL.fullmatch(whole)
    if not match:
        return 0
    digits = match[2]
    if digits.startswith("0") and digits[1:].strip("_").isdigit():
        digits = "0o" + digits[1:].lstrip("_")
    try:
        value = int(match[1] + digits, 0)
    except ValueError:
        return 0
    return value if -_LIMIT <= value < _LIMIT else 0


def _float(value: Any) -> float:
    if isinstance(value, str):
        return float(value) if _FLOAT.fullmatch(value) else 0.0
    return float(value) if isinstance(value, int | float) else 0.0


def _int64(value: int) -> Int64:
    """Wrap around as 64 bits do."""
    return Int64((value + _LIMIT) % (2 * _LIMIT) - _LIMIT)


def _folded(fold: Callable[[int, int], int]) -> Callable[..., Int64]:
    def call(first: Any, *others: Any) -> Int64:
        result = _int(first)
        for other in others:
            result = _int64(fold(result, _int(other)))
        return _int64(result)

    return call


def _div(left: Any, right: Any) -> Int64:
    return _int64(_quotient(_int(left), _int(right)))


def _mod(left: Any, right: Any) -> Int64:
    dividend, divisor = _int(left), _int(right)
    return _int64(dividend - divisor * _quotient(dividend, divisor))


def _quotient(left: int, right: int) -> int:
    """Division rounds towards zero."""
    if right == 0:
        raise TemplateError("runtime error: integer divide by zero")
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _until_step(start: int, stop: int, step: int) -> list[int]:
    if step == 0 or (stop < start) != (step < 0):
        return []
    numbers = range(start, stop, step)
    if len(numbers) > LARGEST // 10:
        raise UnverifiableError("a list of more than a hundred thousand numbers")
    return list(numbers)


def _seq(*limits: int) -> str:
    if not 1 <= len(limits) <= 3:
        return ""
    start, end = (1, limits[0]) if len(limits) == 1 else (limits[0], limits[-1])
    direction = -1 if end < start else 1
    step = limits[1] if len(limits) == 3 else direction
    if len(limits) == 3 and direction < 0 < step:
        return ""
    return " ".join(map(str, _until_step(start, end + direction, step)))


def _round(value: Any, places: int, *half: float) -> float:
    power = math.pow(10, places)
    digit = power * _float(value)
    up = math.modf(digit)[0] >= (half[0] if half else 0.5)
    return float(math.ceil(digit) if up else math.floor(digit)) / power


def _to_decimal(value: Any) -> Int64:
    text = show(value)
    return _int64(int(text, 8)) if re.fullmatch(r"[+-]?[0-7]+", text) else Int64(0)


def _atoi(text: str) -> int:
    return int(text) if re.fullmatch(r"[+-]?[0-9]+", text) and -_LIMIT <= int(text) < _LIMIT else 0


TABLE: Table = {
    "atoi": Function("s", _atoi),
    "int": Function("a", lambda value: int(_int(value))),
    "int64": Function("a", lambda value: _int64(_int(value))),
    "float64": Function("a", _float),
    "toDecimal": Function("a", _to_decimal),
    "add1": Function("a", lambda value: _int64(_int(value) + 1)),
    "add": Function("a", lambda *values: _int64(sum(map(_int, values))), rest=True),
    "sub": Function("aa", _folded(lambda left, right: left - right)),
    "mul": Function("aa", _folded(lambda left, right: left * right), rest=True),
    "div": Function("aa", _div),
    "mod": Function("aa", _mod),
    "max": Function("aa", _folded(max), rest=True),
    "biggest": Function("aa", _folded(max), rest=True),
    "min": Function("aa", _folded(min), rest=True),
    "maxf": Function("aa", lambda first, *others: max(map(_float, (first, *others))), rest=True),
    "minf": Function("aa", lambda first, *others: min(map(_float, (first, *others))), rest=True),
    "ceil": Function("a", lambda value: float(math.ceil(_float(value)))),
    "floor": Function("a", lambda value: float(math.floor(_float(value)))),
    "round": Function("aif", _round, rest=True),
    "seq": Function("i", _seq, rest=True),
    "until": Function("i", lambda count: _until_step(0, count, -1 if count < 0 else 1)),
    "untilStep": Function("iii", _until_step),
}
