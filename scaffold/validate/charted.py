"""Templates of charts, which are no YAML: what rules of files say of what they make, what their comments silence."""

from __future__ import annotations

import dataclasses
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from scaffold import load, parse
from scaffold.assemble import argocd_apps
from scaffold.model import (
    Comments,
    Finding,
    LocatedFinding,
    Manifest,
    Overlay,
    Place,
    Pointer,
    Repository,
    SourceFile,
    mapping,
)
from scaffold.model.flux import is_flux
from scaffold.rules import FILE, OVERLAY, Rule
from scaffold.validate import asking, excuses, locating

_ARGOCD = "argoproj.io"
_ENDINGS = (".yaml", ".yml")
_FILLED = re.compile(f"{parse.FILLER}{{4,}}")  # `{{}}` is the shortest action
# What the text of a template tells, be it one that makes nothing with the values that are here.
_AS_WRITTEN = frozenset(
    "invalid-sync-wave invalid-sync-window misplaced-sync-option misspelled-finalizer unguarded-prune unknown-hook "
    "unknown-hook-delete-policy unknown-listed-kind unknown-sync-option unread-annotation unread-value "
    "unreadable-retry void-difference".split()
)


def findings(root: Path, overlay: Overlay, rules: Sequence[Rule]) -> Iterator[Finding]:
    """What they say of engines' objects, each at its field; what would be mended there is not, in a template."""
    asked = [rule for rule in rules if rule.SCOPE == FILE]
    steering = [m for m in overlay.manifests if _steers(m)]
    hidden = {m.identity for m in steering if not m.path}  # of a dependency, which is no file here
    told = (m for m in argocd_apps.of(root, overlay) if m.identity in hidden) if hidden else ()
    for manifest in (*(m for m in steering if m.path), *told):
        yield from _of_manifest(manifest, asked)
    literal = [rule for rule in asked if rule.ID in _AS_WRITTEN]
    for manifest in (m for m in overlay.manifests if m.path and not _steers(m) and _is_noted(m)):
        yield from _of_manifest(manifest, literal)
    for manifest in _silent(root, overlay) if literal else ():
        for finding in _of_manifest(manifest, literal):
            if not _is_filled(manifest, finding.place.pointer):
                yield finding._replace(message=_FILLED.sub("{{…}}", finding.message))


def _steers(manifest: Manifest) -> bool:
    """Tell whether an object is an engine's own."""
    return manifest.group == _ARGOCD or is_flux(manifest.group)


def _is_noted(manifest: Manifest) -> bool:
    """Tell whether an object says something to an engine, as the Secret of a repository does by its label."""
    held = (mapping(manifest.metadata.get(field)) for field in ("annotations", "labels"))
    return any(_ARGOCD in str(key) or is_flux(str(key).partition("/")[0]) for keys in held for key in keys)


def _of_manifest(manifest: Manifest, rules: Iterable[Rule]) -> Iterator[Finding]:
    alone = Repository({manifest.path: SourceFile(manifest.path, "", documents=(manifest.data,))})
    for finding in (each for rule in rules for each in asking.findings(rule, alone)):
        related = tuple(_moved(place, manifest) for place in finding.related)
        yield finding._replace(place=_moved(finding.place, manifest), related=related, remedy=None)


def _silent(root: Path, overlay: Overlay) -> Iterator[Manifest]:
    """The objects of Argo CD in templates that make nothing, with letters for what Helm would fill in."""
    made = {manifest.path for manifest in overlay.manifests}
    templates = posixpath.join(overlay.path, "templates/")
    for path in overlay.reads:
        if path in made or not path.startswith(templates) or not path.endswith(_ENDINGS):
            continue
        text = load.text(root / path)
        for number, item in enumerate(parse.template(text) if _ARGOCD in text else ()):
            if isinstance(item, Mapping) and str(item.get("apiVersion")).startswith(f"{_ARGOCD}/"):
                yield Manifest(item, path, number)


def _is_filled(manifest: Manifest, pointer: Pointer) -> bool:
    """Tell whether what a finding is about is not all written there."""
    return _FILLED.search(f"{pointer[-1] if pointer else ''} {manifest.get(*pointer)}") is not None


def told(root: Path, repository: Repository, overlay: Overlay, rules: Sequence[Rule]) -> Iterator[LocatedFinding]:
    """What rules say of objects that the values of a chart tell which cannot be rendered here."""
    made = tuple(argocd_apps.of(root, overlay)) if overlay.release else ()
    if not made:
        return
    full = dataclasses.replace(overlay, manifests=made)
    slice_ = dataclasses.replace(repository, overlays={overlay.name: full})
    asked = (rule for rule in rules if rule.SCOPE == OVERLAY)
    sure = (f for rule in asked for f in asking.findings(rule, slice_) if f.unless is None)
    found = [*findings(root, full, rules), *(f._replace(remedy=None) for f in sure)]
    yield from locating.in_files(root, excuses.marked(found, excuses.of_manifests(made)))


def _moved(place: Place, manifest: Manifest) -> Place:
    return manifest.place(*place.pointer, at_key=place.at_key)


def with_comments(
    root: Path, found: Iterable[LocatedFinding], files: Mapping[str, SourceFile]
) -> Mapping[str, SourceFile]:
    """The files, and the templates in which findings stand."""
    templates = {finding.location.path for finding in found} - files.keys()
    texts = {path: "\n".join(locating.lines(root, path)) for path in templates}
    said = {path: Comments(tuple(load.ignores(text))) for path, text in texts.items()}
    return {**files, **{path: SourceFile(path, "", comments=comments) for path, comments in said.items()}}
