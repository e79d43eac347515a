"""`goTemplateOptions`: only `missingkey` exists."""

from __future__ import annotations

from collections.abc import Iterable

from scaffold.expand.go_values import TemplateError

_MEANINGS = {"invalid": "default", "default": "default", "zero": "zero", "error": "error"}


def missing_key(options: Iterable[object]) -> str:
    """Tell what a missing key does: `default`, `zero` or `error`; the last option wins. Raises TemplateError."""
    found = "default"
    for option in options:
        key, _, value = str(option).partition("=")
        if key != "missingkey" or value not in _MEANINGS:
            raise TemplateError(f"unrecognized option: {option}; the controller panics and makes nothing")
        found = _MEANINGS[value]
    return found
