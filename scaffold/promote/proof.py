"""Proof that a promotion changes versions and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scaffold.bump import forms
from scaffold.bump.reading import Reading
from scaffold.errors import ScaffoldError
from scaffold.model import How, Image, Overlay, Pointer
from scaffold.promote import charts
from scaffold.promote.carried import EVERY, built
from scaffold.staging import Content


def prove(reading: Reading, overlay: Overlay, contents: Mapping[str, Content | None], *, free: bool) -> None:
    """Render before and after, and compare without versions; `free` where a patch may change more.

    Raises ScaffoldError where something else would change. A chart is not rendered here.
    """
    if free or not contents or overlay.how is How.HELM:
        return
    before = [_without_versions(document) for document in built(reading, overlay, {})]
    after = [_without_versions(document) for document in built(reading, overlay, contents)]
    if before != after:
        fact = f"{overlay.path} would change in more than versions"
        raise ScaffoldError(f"{fact}; something there depends on them, so edit it by hand")


def _without_versions(document: Any) -> Any:
    pointers = {pointer for found in forms.found(document, EVERY) for pointer in found.sets}
    pointers |= {pointer for _, pointer in charts.charts([document])}
    return _masked(document, pointers, ())


def _masked(value: Any, pointers: set[Pointer], at: Pointer) -> Any:
    if at in pointers:
        return Image.of(str(value)).name if "/" in str(value) else ""
    if isinstance(value, Mapping):
        return {key: _masked(item, pointers, (*at, str(key))) for key, item in value.items()}
    return [_masked(item, pointers, (*at, n)) for n, item in enumerate(value)] if isinstance(value, list) else value
