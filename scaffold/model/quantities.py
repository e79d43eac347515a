"""Amounts of a resource as Kubernetes writes them."""

from __future__ import annotations

import re
from decimal import Decimal

_QUANTITY = re.compile(r"([+-]?(?:\d++(?:\.\d*+)?|\.\d++))(?:[eE]([+-]?\d+)|(m|u|n|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei))?\Z")
_DECIMAL = {"n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}


def quantity(value: object) -> Decimal | None:
    """The amount in units of the resource (cores, bytes), None for what is no quantity (apimachinery 0.34)."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    found = _QUANTITY.match(str(value))
    if not found:
        return None
    number, exponent, suffix = Decimal(found[1]), found[2], found[3]
    if suffix in _BINARY:
        return number * Decimal(1024) ** _BINARY[suffix]
    return number.scaleb(int(exponent) if exponent else _DECIMAL.get(suffix or "", 0))
