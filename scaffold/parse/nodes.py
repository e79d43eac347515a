"""YAML text to nodes with positions, refusing what would overflow the composer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from scaffold.parse.errors import DEEPEST, YamlError, in_words, of_reader

_SUSPICIOUS = 1000  # brackets; below it no text can nest deep enough to matter
_INLINE_NESTING = re.compile(r"(?:[-?][ \t]+){100}")
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def nodes(text: str) -> Iterator[Any]:
    """Compose each document; a stream's empty document is None."""
    try:
        check_depth(text)
        try:
            found = list(_composed_by(Loader(text)))
        except yaml.composer.ComposerError as error:
            if "duplicate anchor" not in str(error):
                raise
            found = list(_composed_by(_LaxLoader(text)))
        yield from found
    except YamlError:
        raise
    except yaml.MarkedYAMLError as error:
        raise in_words(error, text) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise of_reader(error, text) from error


def _composed_by(loader: Any) -> Iterator[Any]:
    try:
        while loader.check_node():
            yield loader.get_node()
    finally:
        loader.dispose()


class _LaxLoader(yaml.SafeLoader):
    """Lets an anchor be defined again, as YAML does and PyYAML does not; slow, so only for texts that need it."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        anchor = getattr(self.peek_event(), "anchor", None)  # type: ignore[no-untyped-call]  # the stubs leave it out
        if anchor is not None and not self.check_event(yaml.AliasEvent):
            self.anchors.pop(anchor, None)
        return super().compose_node(parent, index)


def check_depth(text: str) -> None:
    """Refuse deep nesting before the C composer, which would overflow its stack, sees it."""
    if text.count("[") + text.count("{") < _SUSPICIOUS and not _INLINE_NESTING.search(text):
        return
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            mark: Any = event.start_mark
            raise YamlError(f"nested deeper than {DEEPEST} levels", mark.line + 1, mark.column + 1)
