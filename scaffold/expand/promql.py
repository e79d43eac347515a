"""PromQL, as the grammar of Prometheus 3 reads it."""

from __future__ import annotations

import re
from functools import lru_cache

import promql_parser

# What newer versions read, or read where a flag asks for it, and the parser does not.
_BEYOND = re.compile(r"\b(?:smoothed|anchored|holt_winters)\b|\d_\d")


@lru_cache(maxsize=4096)
def problem(expression: str) -> str:
    """Why an expression is none; empty where it is one, or may be one."""
    if _BEYOND.search(expression):
        return ""
    try:
        promql_parser.parse(expression)
    except ValueError as error:
        return " ".join(str(error).split())
    return ""
