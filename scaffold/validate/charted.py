"""Templates of charts, which are no YAML: what rules of files say of what they make, what their comments silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from scaffold import load
from scaffold.model import Finding, LocatedFinding, Manifest, Overlay, Place, Repository, SourceFile
from scaffold.model.flux import is_flux
from scaffold.rules import FILE, Rule
from scaffold.validate import asking, locating

_ARGOCD = "argoproj.io"


def findings(overlay: Overlay, rules: Sequence[Rule]) -> Iterator[Finding]:
    """What they say of engines' objects, each at its field; what would be mended there is not, in a template."""
    asked = [rule for rule in rules if rule.SCOPE == FILE]
    steering = (m for m in overlay.manifests if m.path and (m.group == _ARGOCD or is_flux(m.group)))
    for manifest in steering:
        alone = Repository({manifest.path: SourceFile(manifest.path, "", documents=(manifest.data,))})
        for finding in (each for rule in asked for each in asking.findings(rule, alone)):
            related = tuple(_moved(place, manifest) for place in finding.related)
            yield finding._replace(place=_moved(finding.place, manifest), related=related, remedy=None)


def _moved(place: Place, manifest: Manifest) -> Place:
    return manifest.place(*place.pointer, at_key=place.at_key)


def with_comments(
    root: Path, found: Iterable[LocatedFinding], files: Mapping[str, SourceFile]
) -> Mapping[str, SourceFile]:
    """The files, and the templates in which findings stand."""
    templates = {finding.location.path for finding in found} - files.keys()
    texts = {path: "\n".join(locating.lines(root, path)) for path in templates}
    return {**files, **{path: SourceFile(path, "", ignores=tuple(load.ignores(text))) for path, text in texts.items()}}
