"""No version can be in a range of versions.

Its limits exclude each other, so that no chart, no artifact and no image is ever found: what is deployed stays as it
is, or is never installed. Ranges are read as Masterminds/semver does (Argo CD 3.5, Flux 2.9).

Fails:

    # policy.yaml
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImagePolicy
    metadata:
      name: web
      namespace: flux-system
    spec:
      imageRepositoryRef:
        name: web
      policy:
        semver:
          range: '>=2.0.0 <1.9.0'

Passes:

    # policy.yaml
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImagePolicy
    metadata:
      name: web
      namespace: flux-system
    spec:
      imageRepositoryRef:
        name: web
      policy:
        semver:
          range: '>=1.9.0 <2.0.0'
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import written
from scaffold.expand import version_ranges
from scaffold.model import Finding, Place, Pointer, Repository, Severity
from scaffold.model.values import text

ID = "void-range"
SEVERITY = Severity.ERROR
SCOPE = "file"
_SOURCES = "source.toolkit.fluxcd.io"
_FIELDS: dict[str, Pointer] = {
    "helm.toolkit.fluxcd.io/HelmRelease": ("spec", "chart", "spec", "version"),
    "image.toolkit.fluxcd.io/ImagePolicy": ("spec", "policy", "semver", "range"),
    f"{_SOURCES}/GitRepository": ("spec", "ref", "semver"),
    f"{_SOURCES}/HelmChart": ("spec", "version"),
    f"{_SOURCES}/OCIRepository": ("spec", "ref", "semver"),
}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every range that is empty, in Flux's objects and in the charts of Applications."""
    for what, place, wanted in _ranges(repository):
        if version_ranges.is_empty(wanted):
            message = f"{what}, no version is in {wanted!r}; mend its limits"
            yield Finding(place, ID, message, SEVERITY, subject=f"{what}/{wanted}")


def _ranges(repository: Repository) -> Iterator[tuple[str, Place, str]]:
    for manifest in written.manifests(repository, *_FIELDS):
        pointer = _FIELDS[f"{manifest.group}/{manifest.kind}"]
        yield f"{manifest.kind} {manifest.name!r}", manifest.place(*pointer), text(manifest.get(*pointer))
    for item in written.applications(repository):
        for pointer, source in item.sources():
            if source.get("chart"):
                yield item.what, item.at(*pointer, "targetRevision"), text(source.get("targetRevision"))
