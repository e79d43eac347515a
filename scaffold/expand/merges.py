"""How Argo CD merges: parameters and templates by mergo 1.0, overrides by RFC 7386."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scaffold.expand.go_values import StringMap, TemplateError


def overlay(target: dict[str, Any], source: Mapping[str, Any]) -> None:
    """Merge parameters in place, the source winning; nested maps merge, lists are replaced."""
    for key, value in source.items():
        old = target.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            _refuse_panic(old, value)
            if old:
                overlay(old, value)
                continue
        target[key] = value


def _refuse_panic(old: dict[str, Any], new: dict[str, Any]) -> None:
    if isinstance(old, StringMap) and new and not isinstance(new, StringMap):
        raise TemplateError("a map of strings merged with another map; the controller panics and makes nothing")


def underlay(target: dict[str, Any], source: Mapping[str, Any], whole: frozenset[str] = frozenset()) -> None:
    """Merge in place where the target is empty; nested maps merge but for the keys in `whole`."""
    for key, value in source.items():
        old = target.get(key)
        if isinstance(value, Mapping) and isinstance(old, dict) and old and key not in whole:
            underlay(old, value, whole)
        elif not old:
            target[key] = value


def merge_patch(target: Any, patch: Any) -> Any:
    """Apply a JSON merge patch (RFC 7386)."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged
