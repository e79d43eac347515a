"""Where in a kustomization stands what the reason of a failed build speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.model import Kustomization, Pointer, dig, sequence
from scaffold.render.reasons import ONE, Failure

_GENERATORS = ("configMapGenerator", "secretGenerator")
_LITERAL = re.compile(r"invalid literal source (.+), expected key=value")
_PATCHED = re.compile(r"doc is missing path: (\S+?):|Unexpected kind: (\S+)")
_NAMED = (
    (re.compile(r"resource with name (\S+) does not match a config"), ("replicas",), ("name",)),
    (re.compile(r"the generator of \w+ '([^']+)' merges into"), _GENERATORS, ("name",)),
    (re.compile(r"nothing selected by \w+ (?:[\w-]+/)?([\w.-]+?)(?::|\Z)"), ("replacements",), ("source", "name")),
)
_COMPONENT = re.compile(r"expected kind != 'Component' for path '([^']+)'")


def pointer(item: Kustomization, found: Failure) -> Pointer:
    """The first of a reference, an entry of some list, and the patch that the reason names; else nothing."""
    if ONE in found.reason:
        return ("namespace",)
    ways = (*_references(item, found), *_entries(item, found.reason), *_literals(item, found.reason))
    return next(iter((*ways, *_patches(item, found.reason))), ())


def _references(item: Kustomization, found: Failure) -> Iterator[Pointer]:
    component = _COMPONENT.search(found.reason)
    for reference in reversed(item.references):
        if reference.text == found.reference or (component and reference.target == component[1]):
            yield reference.pointer


def _entries(item: Kustomization, reason: str) -> Iterator[Pointer]:
    for pattern, fields, key in _NAMED:
        name = pattern.search(reason)
        for field in fields if name else ():
            for index, entry in enumerate(sequence(item.manifest.get(field))):
                if name and dig(entry, *key) == name[1]:
                    yield (field, index, *key)


def _literals(item: Kustomization, reason: str) -> Iterator[Pointer]:
    told = _LITERAL.search(reason)
    for field in _GENERATORS if told else ():
        for index, entry in enumerate(sequence(item.manifest.get(field))):
            for number, literal in enumerate(sequence(dig(entry, "literals"))):
                if told and literal == told[1]:
                    yield (field, index, "literals", number)


def _patches(item: Kustomization, reason: str) -> Iterator[Pointer]:
    told = _PATCHED.search(reason)
    patches = sequence(item.manifest.get("patches"))
    text = (told[1] or told[2]) if told else ""
    named = [index for index, entry in enumerate(patches) if text and text in str(dig(entry, "patch"))]
    if text and (named or len(patches) == 1):
        yield ("patches", named[0], "patch") if named else ("patches", 0, "path")
