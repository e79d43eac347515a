"""Values as the YAML that a person would write."""

from __future__ import annotations

from typing import Any

import yaml

from scaffold.parse.scalars import is_text

_WIDE = 10**6


def written(data: Any) -> str:
    """A document with its keys in their order, long texts as blocks, and strings quoted where a reader could err."""
    return str(yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDE))


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002
        """Lists stand deeper than their key."""
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:
        """What occurs twice is written twice."""
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=_style(text))


def _style(text: str) -> str | None:
    if not text.replace("\n", "").isprintable():
        return '"'
    if "\n" in text:
        return "|"
    return None if is_text(text) else '"'


_Dumper.add_representer(str, _text)
