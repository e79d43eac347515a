"""Annotations on objects that silence a rule for them: `ignore.gitops-scaffold.github.io/<rule>: why`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from scaffold.model import Finding, Identity, Manifest, SourceFile, mapping

PREFIX = "ignore.gitops-scaffold.github.io/"
_Key = Identity | tuple[str, int]
Annotations = dict[_Key, Mapping[str, str]]


def of_files(files: Iterable[SourceFile]) -> Annotations:
    """The excuses that objects in files carry, by path and document; those of a List's members are one."""
    found: Annotations = {}
    for file in files:
        for head in file.heads:
            excuses = {key: value for key, value in head.annotations if key.startswith(PREFIX)}
            if excuses:
                found[file.path, head.document] = {**found.get((file.path, head.document), {}), **excuses}
    return found


def of_manifests(manifests: Iterable[Manifest]) -> Annotations:
    """The excuses that an overlay's objects carry, as rendered by identity, else by path and document."""
    found: Annotations = {}
    for manifest in manifests:
        annotations = mapping(manifest.metadata.get("annotations"))
        excuses = {k: v for k, v in annotations.items() if str(k).startswith(PREFIX) and isinstance(v, str)}
        if excuses:
            found[manifest.identity if manifest.overlay else (manifest.path, manifest.document)] = excuses
    return found


def marked(findings: Iterable[Finding], annotations: Annotations) -> Iterator[Finding]:
    """The findings, each with what its object says to excuse it."""
    for finding in findings:
        place = finding.place
        key: _Key = place.identity if place.overlay and place.identity else (place.path, place.document)
        excuse = annotations.get(key, {}).get(PREFIX + finding.rule, "")
        yield finding._replace(excuse=excuse) if excuse else finding
