"""Whether an expression of some language can be one, by its quotes and brackets alone."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`")
_PAIRS = {")": "(", "]": "[", "}": "{"}


def closed(expression: str) -> bool:
    """Tell whether every quote and bracket has its other half."""
    plain, waiting = _QUOTED.sub("", expression), []
    for sign in plain:
        if sign in _PAIRS.values():
            waiting.append(sign)
        elif sign in _PAIRS and (not waiting or waiting.pop() != _PAIRS[sign]):
            return False
    return not waiting and set(plain).isdisjoint("'\"`")
