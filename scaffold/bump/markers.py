"""Flux's markers: comments that say which image policy sets the scalar on their line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from scaffold import parse
from scaffold.bump.forms import Found
from scaffold.model import Image, Pointer

_MARKER = re.compile(r'#\s*\{\s*"\$imagepolicy"\s*:\s*"(?P<policy>[^":]+:[^":]+)(?::(?P<part>name|tag|digest))?"')


class Marked(NamedTuple):
    """A scalar with a marker: its document and place, what it holds, the policy, and the part of the image."""

    document: int
    pointer: Pointer
    value: str
    policy: str
    part: str


def marked(text: str) -> list[Marked]:
    """Every scalar of a text that has a marker on its line, as image-automation-controller 1.0 reads them."""
    if "$imagepolicy" not in text:
        return []
    markers = {text.count("\n", 0, found.start()): found for found in _MARKER.finditer(text)}
    result = []
    for number, document in enumerate(parse.spans(text)):
        for pointer, node in _scalars(document, ()):
            found = markers.get(text.count("\n", 0, node.end))
            if found and node.end <= found.start():
                result.append(Marked(number, pointer, node.value, found["policy"], found["part"] or ""))
    return result


def _scalars(node: parse.Node, pointer: Pointer) -> Iterator[tuple[Pointer, parse.Scalar]]:
    if isinstance(node, parse.Scalar):
        yield pointer, node
    elif isinstance(node, parse.Sequence):
        for index, item in enumerate(node.items):
            yield from _scalars(item, (*pointer, index))
    elif isinstance(node, parse.Mapping):
        for key, value in node.pairs:
            if isinstance(key, parse.Scalar):
                yield from _scalars(value, (*pointer, key.value))


def policies(items: list[Marked], wanted: Image) -> frozenset[str]:
    """The policies that, as markers in use show, are about an image."""
    named = (item for item in items if item.part in ("", "name"))
    return frozenset(item.policy for item in named if wanted.is_same(Image.of(item.value).name))


def found(items: list[Marked], known: frozenset[str], wanted: Image) -> Iterator[tuple[int, Found]]:
    """The marked scalars of some policies, each with its document; a part that is not wanted stays."""
    for item in items:
        text = _text(item, wanted) if item.policy in known else ""
        if text:
            yield item.document, Found(_before(item, wanted), {item.pointer: text})


def _text(item: Marked, wanted: Image) -> str:
    if not item.part:
        return str(wanted._replace(name=Image.of(item.value).name))
    return {"tag": wanted.tag, "digest": wanted.digest}.get(item.part, "")


def _before(item: Marked, wanted: Image) -> Image:
    if not item.part:
        return Image.of(item.value)
    return wanted._replace(**{"tag": "", "digest": "", item.part: item.value})
