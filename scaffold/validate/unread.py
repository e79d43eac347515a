"""What Flux cannot read in the files of an overlay that cannot be built here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from scaffold.expand.flux import substitution
from scaffold.model import Manifest, Pointer, Refusal, Variables


def refusals(manifests: Iterable[Manifest], variables: Variables | None) -> Iterator[Refusal]:
    """The texts that look like a variable and are none, one of each object; nothing is read without variables."""
    for manifest in manifests:
        if variables is not None and not substitution.is_switched_off(manifest.data):
            found = (_refusal(manifest, pointer, text, variables) for pointer, text in _texts(manifest.data, ()))
            yield from [refusal for refusal in found if refusal][:1]


def _refusal(manifest: Manifest, pointer: Pointer, text: str, variables: Variables) -> Refusal | None:
    try:
        substitution.substitute(text, variables)
    except substitution.SubstitutionError as error:
        if not error.name:
            return Refusal(manifest.identity, str(error), "", error.text, pointer)
    return None


def _texts(value: Any, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from _texts(item, (*pointer, key))
