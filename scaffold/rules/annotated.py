"""Words of an annotation, between commas, of which whoever reads it knows a few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from scaffold.assemble import written
from scaffold.model import Finding, Manifest, Remedy, Repository
from scaffold.nearest import corrected, hint, misspelled


def unknown(rule: str, repository: Repository, annotation: str, known: Sequence[str], fact: str) -> Iterator[Finding]:
    """A finding for every word that is not known; `fact` follows the manifest, with a place for the word."""
    meant = partial(_meant, known=known)
    for manifest in written.manifests(repository):
        text = manifest.get("metadata", "annotations", annotation)
        for word in _words(text):
            if word not in known:
                place = manifest.place("metadata", "annotations", annotation)
                remedy = Remedy(text, corrected(text, known, meant)) if meant(word) else None
                message = f"{_said(manifest, fact, word)}; {_hint(word, known)}"
                yield Finding(place, rule, message, subject=f"{manifest.name}/{word}", remedy=remedy)


def _said(manifest: Manifest, fact: str, word: str) -> str:
    return f"{manifest.kind} {manifest.name!r}, {fact.format(repr(word))}"


def _words(text: object) -> list[str]:
    words = text.split(",") if isinstance(text, str) and "{{" not in text else []
    return [word.strip() for word in words if word.strip()]


def _same(word: str, known: Sequence[str]) -> str:
    plain = word.replace("-", "").lower()
    return next((name for name in known if name.lower() == plain), "")


def _meant(word: str, known: Sequence[str]) -> str:
    return _same(word, known) or misspelled(word, known)


def _hint(word: str, known: Sequence[str]) -> str:
    same = _same(word, known)
    return f"did you mean {same!r}?" if same else hint(word, known)
