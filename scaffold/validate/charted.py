"""What the rules of files say of the objects of engines that a chart makes, which stand in no file that is YAML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scaffold.model import Finding, Manifest, Overlay, Place, Repository, SourceFile
from scaffold.model.flux import is_flux
from scaffold.rules import FILE, Rule
from scaffold.validate import asking

_ARGOCD = "argoproj.io"


def findings(overlay: Overlay, rules: Sequence[Rule]) -> Iterator[Finding]:
    """The findings, each at its field of the object; what would be mended in the object is not, in a template."""
    asked = [rule for rule in rules if rule.SCOPE == FILE]
    steering = (m for m in overlay.manifests if m.path and (m.group == _ARGOCD or is_flux(m.group)))
    for manifest in steering:
        alone = Repository({manifest.path: SourceFile(manifest.path, "", documents=(manifest.data,))})
        for finding in (each for rule in asked for each in asking.findings(rule, alone)):
            related = tuple(_moved(place, manifest) for place in finding.related)
            yield finding._replace(place=_moved(finding.place, manifest), related=related, remedy=None)


def _moved(place: Place, manifest: Manifest) -> Place:
    return manifest.place(*place.pointer, at_key=place.at_key)
