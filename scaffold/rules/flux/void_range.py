"""No version can be in a range of versions, or it is no range at all.

Its limits exclude each other, or it is a word such as `latest`, which Flux refuses. So no chart, no artifact and no
image is ever found: what is deployed stays as it is, or is never installed. Ranges are read as Masterminds/semver does
(Argo CD 3.5, Flux 2.9).

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
from scaffold.model import (
    Finding,
    Manifest,
    Place,
    Pointer,
    Repository,
    Severity,
    is_templated,
    is_to_fill_in,
    is_variable,
    mapping,
)
from scaffold.model.values import is_of_shell, text

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
    """Yield every range that is empty, in Flux's objects and in the charts of Applications, or of Flux and is none."""
    yield from _refused(repository)
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


def _refused(repository: Repository) -> Iterator[Finding]:
    """What is no range in sources and releases; what else a source names there counts before it."""
    for manifest in written.manifests(repository, *_FIELDS):
        pointer = _FIELDS[f"{manifest.group}/{manifest.kind}"]
        wanted = text(manifest.get(*pointer))
        if wanted and not _is_open(wanted) and _is_read(manifest, pointer) and not version_ranges.is_one(wanted):
            fact = f"{manifest.kind} {manifest.name!r} is refused, {pointer[-1]} {wanted!r} is no range of versions"
            message = f"{fact}; name a version, or a range such as '1.x'"
            yield Finding(manifest.place(*pointer), ID, message, subject=f"{manifest.name}/{wanted}")


def _is_open(wanted: str) -> bool:
    return is_variable(wanted) or is_templated(wanted) or is_to_fill_in(wanted) or is_of_shell(wanted)


def _is_read(manifest: Manifest, pointer: Pointer) -> bool:
    """Tell whether a controller goes by the range: that of a chart in a repository of files has no meaning."""
    beside = mapping(manifest.get(*pointer[:-1]))
    if pointer[-1] == "version":
        return mapping(beside.get("sourceRef")).get("kind") == "HelmRepository"
    return manifest.kind != "ImagePolicy" and not any(beside.get(key) for key in ("commit", "digest", "name"))
