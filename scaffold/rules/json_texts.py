"""Texts in JSON that fields hold, and what is wrong with them."""

from __future__ import annotations

import json
from typing import Any


class FlawError(ValueError):
    """A text is no JSON; says why, in lower case, and in which of its lines, from 1."""

    def __init__(self, why: str, line: int) -> None:
        super().__init__(why)
        self.line = line


def read(told: str) -> Any:
    """What a text in JSON holds; raises FlawError."""
    try:
        return json.loads(told)
    except json.JSONDecodeError as error:
        raise FlawError(f"{error.msg[:1].lower()}{error.msg[1:]}", error.lineno) from error
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits, lists in lists in lists
        raise FlawError("it holds more than can be read", 1) from error
