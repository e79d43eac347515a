"""Paths of fields that Argo CD's and Flux's objects name by kind: in differences to ignore, and in patches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold import parse
from scaffold.assemble import argocd_settings, written
from scaffold.assemble.argocd_settings import Settings
from scaffold.model import Manifest, Place, Pointer, Repository, dig, mapping, sequence
from scaffold.model.flux import SYNC
from scaffold.model.values import text

_RELEASE = "helm.toolkit.fluxcd.io/HelmRelease"
_CUSTOM = "resource.customizations.ignoreDifferences."
_DEEPEST = 100  # parts; no kind has fields so far down
_WORD = re.compile(r"[A-Za-z0-9.-]*\Z")
_JQ = re.compile(r"""(?:\.?\["(?P<quoted>[^"]+)"\]|\.(?P<plain>[A-Za-z_]\w*)|(?P<index>\[\d*\]))\??""")


class FieldPath(NamedTuple):
    """Where a path is written, its text, the parts of it, and the kind that it is about; an unknown group is None."""

    place: Place
    text: str
    pointer: Pointer
    kind: str
    group: str | None


def paths(repository: Repository) -> Iterator[tuple[str, FieldPath]]:
    """Every path that is written in a file whose documents are there, with what names it."""
    for item in written.applications(repository):
        for index, entry in enumerate(map(mapping, sequence(item.get("spec", "ignoreDifferences")))):
            place = item.at("spec", "ignoreDifferences", index)
            yield from ((item.what, path) for path in _ignored(place, entry))
        for pointer, source in item.sources():
            patches = sequence(mapping(source.get("kustomize")).get("patches"))
            yield from ((item.what, path) for path in _patched(item.at(*pointer, "kustomize", "patches"), patches))
    for file in repository.files.values():
        for settings in argocd_settings.of_file(file):
            yield from ((settings.name, path) for path in _set(settings))
    for manifest in written.manifests(repository, _RELEASE):
        yield from ((f"HelmRelease {manifest.name!r}", path) for path in _of_release(manifest))
    for manifest in written.manifests(repository, "/".join(SYNC)):
        found = _drifting(manifest, "spec", "ignore")
        yield from ((f"Kustomization {manifest.name!r}", path) for path in found)


def _drifting(manifest: Manifest, *where: str) -> Iterator[FieldPath]:
    """What Flux leaves as it is in the cluster."""
    for index, entry in enumerate(sequence(manifest.get(*where))):
        target = mapping(dig(entry, "target"))
        for number, path in enumerate(sequence(dig(entry, "paths"))):
            yield from _pointed(manifest.place(*where, index, "paths", number), path, target)


def _of_release(manifest: Manifest) -> Iterator[FieldPath]:
    yield from _drifting(manifest, "spec", "driftDetection", "ignore")
    for index, _ in enumerate(sequence(manifest.get("spec", "postRenderers"))):
        where = ("spec", "postRenderers", index, "kustomize", "patches")
        yield from _patched(manifest.place(*where), sequence(manifest.get(*where)))


def _set(settings: Settings) -> Iterator[FieldPath]:
    """What `resource.customizations.ignoreDifferences.apps_Deployment` ignores of every application."""
    for key in settings.data:
        group, _, kind = key.removeprefix(_CUSTOM).rpartition("_")
        if key.startswith(_CUSTOM) and key.removeprefix(_CUSTOM) != "all":
            entry = mapping(parse.only(text(settings.data[key])))
            for path in _ignored(settings.at(key), {**entry, "group": group, "kind": kind}):
                yield path._replace(place=settings.at(key))


def _ignored(place: Place, entry: Mapping[str, Any]) -> Iterator[FieldPath]:
    """What an entry of Argo CD ignores; a group that is not told is the core one."""
    target = {"group": "", **entry}
    for index, path in enumerate(sequence(entry.get("jsonPointers"))):
        yield from _pointed(_below(place, "jsonPointers", index), path, target)
    for index, path in enumerate(sequence(entry.get("jqPathExpressions"))):
        first = text(path).partition("|")[0].strip()
        found = list(_JQ.finditer(first))
        if found and "".join(each[0] for each in found) == first:
            parts = tuple(0 if each["index"] else each["quoted"] or each["plain"] for each in found)
            yield from _about(_below(place, "jqPathExpressions", index), text(path), parts, target)


def _patched(place: Place, patches: list[Any]) -> Iterator[FieldPath]:
    """The paths of JSON patches, whose targets may leave out the group."""
    for index, patch in enumerate(patches):
        for operation in sequence(parse.only(text(dig(patch, "patch")))):
            where = _below(place, index, "patch")
            yield from _pointed(where, dig(operation, "path"), mapping(dig(patch, "target")))


def _pointed(place: Place, path: object, target: Mapping[str, Any]) -> Iterator[FieldPath]:
    """A JSON pointer; a number in it, or a dash, is the place of a list's member."""
    parts = text(path).split("/")
    if len(parts) > 1 and not parts[0]:
        plain = (part.replace("~1", "/").replace("~0", "~") for part in parts[1:])
        pointer = tuple(0 if part.isdigit() or part == "-" else part for part in plain)
        yield from _about(place, text(path), pointer, target)


def _about(place: Place, path: str, pointer: Pointer, target: Mapping[str, Any]) -> Iterator[FieldPath]:
    kind, group = text(target.get("kind")), target.get("group")
    if (
        kind
        and len(pointer) <= _DEEPEST
        and _WORD.match(kind)
        and (group is None or _WORD.match(str(group)))
        and "{{" not in path
        and "${" not in path
    ):
        yield FieldPath(place, path, pointer, kind, None if group is None else str(group))


def _below(place: Place, *pointer: str | int) -> Place:
    return place._replace(pointer=(*place.pointer, *pointer))
