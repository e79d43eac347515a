"""Which sources an Application uses, and what files beside them override (Argo CD 3.5.7)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any, NamedTuple

from scaffold.errors import ScaffoldError
from scaffold.expand.merges import merge_patch
from scaffold.expand.source_types import SourceError, directory_of
from scaffold.expand.unverifiable import UnverifiableError
from scaffold.expand.view import TreeView
from scaffold.model import Pointer, mapping, sequence

_COUNTED = {
    "helm": frozenset(
        (
            "version releaseName valueFiles parameters fileParameters values valuesObject passCredentials "
            "ignoreMissingValueFiles skipCrds skipTests skipSchemaValidation kubeVersion apiVersions namespace"
        ).split()
    ),
    "kustomize": frozenset(
        (
            "namePrefix nameSuffix version namespace images replicas commonLabels commonAnnotations patches "
            "components kubeVersion apiVersions ignoreMissingComponents"
        ).split()
    ),
    "directory": frozenset(("recurse", "jsonnet", "include", "exclude")),
}
_KEPT = ("chart", "path", "repoURL", "targetRevision")


class SourceEntry(NamedTuple):
    """A source in use, and where it stands in the Application."""

    pointer: Pointer
    source: Mapping[str, Any]


def used_sources(application: Mapping[str, Any]) -> list[SourceEntry]:
    """The sources in use: a hydrator's sync source, else `sources` where it has any, else `source`.

    A block `helm`, `kustomize` or `directory` that sets nothing that counts is left out, as the controller does.
    """
    spec = mapping(application.get("spec"))
    if isinstance(spec.get("sourceHydrator"), Mapping):
        return [SourceEntry(("spec", "sourceHydrator"), _hydrated(spec["sourceHydrator"]))]
    several = [mapping(source) for source in sequence(spec.get("sources"))]
    if several:
        return [SourceEntry(("spec", "sources", index), _normalized(source)) for index, source in enumerate(several)]
    single = spec.get("source")
    return [SourceEntry(("spec", "source"), _normalized(single))] if isinstance(single, Mapping) else []


def _normalized(source: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in source.items() if key not in _COUNTED or _counts(key, value)}


def _counts(kind: str, block: Any) -> bool:
    return isinstance(block, Mapping) and any(block.get(field) for field in _COUNTED[kind])


def _hydrated(hydrator: Mapping[str, Any]) -> dict[str, Any]:
    dry, sync = mapping(hydrator.get("drySource")), mapping(hydrator.get("syncSource"))
    url = sync.get("repoURL") or dry.get("repoURL")
    return {"repoURL": url, "path": sync.get("path"), "targetRevision": sync.get("targetBranch")}


def with_overrides(source: Mapping[str, Any], application: str, view: TreeView) -> dict[str, Any]:
    """Merge `.argocd-source.yaml` and `.argocd-source-<application>.yaml` into a source.

    A null removes nothing but inside `valuesObject`; the address, path, chart and revision cannot be overridden. Raises
    SourceError where a file is no map.
    """
    merged = dict(source)
    directory = directory_of(source)
    names = [".argocd-source.yaml", *([f".argocd-source-{application}.yaml"] if application else [])]
    for path in (f"{directory}/{name}".lstrip("/") for name in names):
        if path in view.files:
            merged = _overridden(merged, path, view)
    kept = {key: source[key] for key in _KEPT if key in source}
    return {**{key: value for key, value in merged.items() if key not in _KEPT}, **kept}


def _overridden(source: dict[str, Any], path: str, view: TreeView) -> dict[str, Any]:
    try:
        patch = view.first_document(path)
    except ScaffoldError as error:
        raise SourceError(f"{path}: {error}") from error
    except OSError as error:
        raise UnverifiableError(f"{path} cannot be read") from error
    if not isinstance(patch, Mapping):
        raise SourceError(f"{path}: it is no map")
    return dict(_decoded_over(source, merge_patch(source, patch)))


def _decoded_over(old: Any, new: Any) -> Any:
    """Put a merged source over the one before: Go decodes into what is there, so a null removes nothing.

    Only `valuesObject` is decoded afresh.
    """
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        fields = {key: _decoded_over(old.get(key), value) for key, value in new.items()}
        fresh = {key: value for key, value in new.items() if key == "valuesObject"}
        return {**old, **fields, **fresh}
    if isinstance(old, list) and isinstance(new, list):
        return [_decoded_over(before, after) for before, after in zip_longest(old[: len(new)], new)]
    return new
