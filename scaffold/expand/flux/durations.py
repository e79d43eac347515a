"""Durations as Flux's definitions allow them: `1h30m`, `90s`, `500ms`."""

from __future__ import annotations

import re

_WHOLE = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?(?:ms|s|m|h))+\Z")
_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def seconds(text: str) -> float | None:
    """How long a duration is; None for what is none, such as `1d` or `10`."""
    if not _WHOLE.match(text):
        return None
    return sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(text))
