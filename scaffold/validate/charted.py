"""Templates of charts, which are no YAML: what rules of files say of what they make, what their comments silence."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from scaffold import load
from scaffold.assemble import argocd_apps
from scaffold.model import Finding, LocatedFinding, Manifest, Overlay, Place, Repository, SourceFile
from scaffold.model.flux import is_flux
from scaffold.rules import FILE, OVERLAY, Rule
from scaffold.validate import asking, excuses, locating

_ARGOCD = "argoproj.io"


def findings(root: Path, overlay: Overlay, rules: Sequence[Rule]) -> Iterator[Finding]:
    """What they say of engines' objects, each at its field; what would be mended there is not, in a template."""
    asked = [rule for rule in rules if rule.SCOPE == FILE]
    steering = [m for m in overlay.manifests if m.group == _ARGOCD or is_flux(m.group)]
    hidden = {m.identity for m in steering if not m.path}  # of a dependency, which is no file here
    told = (m for m in argocd_apps.of(root, overlay) if m.identity in hidden) if hidden else ()
    for manifest in (*(m for m in steering if m.path), *told):
        alone = Repository({manifest.path: SourceFile(manifest.path, "", documents=(manifest.data,))})
        for finding in (each for rule in asked for each in asking.findings(rule, alone)):
            related = tuple(_moved(place, manifest) for place in finding.related)
            yield finding._replace(place=_moved(finding.place, manifest), related=related, remedy=None)


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
    return {**files, **{path: SourceFile(path, "", ignores=tuple(load.ignores(text))) for path, text in texts.items()}}
