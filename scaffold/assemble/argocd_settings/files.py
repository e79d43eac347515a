"""Which files hold Argo CD's settings, and what each of them sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold import load
from scaffold.assemble.argocd_settings.objects import NOTIFYING, OPERATED, as_text, given
from scaffold.assemble.argocd_settings.patches import of_kustomization
from scaffold.assemble.argocd_settings.settings import CM, NAMES, NOTIFICATIONS, PARAMS, RBAC, Settings
from scaffold.discover import KUSTOMIZATION_NAMES
from scaffold.model import Manifest, Pointer, Repository, SourceFile, dig, mapping, sequence

_IN_VALUES: tuple[tuple[str, Pointer], ...] = (
    (CM, ("configs", "cm")),
    (PARAMS, ("configs", "params")),
    (RBAC, ("configs", "rbac")),
)
_NOTIFIED = ("notifiers", "templates", "triggers")
_OF_CHART = frozenset(("annotations", "create", "labels"))
# Where Applications, and the templates of several, say what they deploy.
_STEERING: Mapping[str, Pointer] = {"Application": ("spec",), "ApplicationSet": ("spec", "template", "spec")}
_RELEASE = "HelmRelease"  # of Flux, which may install Argo CD
_HOLDING = frozenset((*_STEERING, _RELEASE, NOTIFYING, OPERATED, "Component", "Kustomization"))


def of_repository(repository: Repository, name: str) -> list[Settings]:
    """Every such config map, as a manifest or in values of the chart."""
    return [found for found in repository.once(_every) if found.name == name]


def _every(repository: Repository) -> list[Settings]:
    wanted = (file for _, file in sorted(repository.files.items()) if file.documents and _may_set(file))
    told = [found for file in wanted for found in of_file(file)]
    made = ((item, found) for item in repository.generated for found in of_file(item.file))
    return [*told, *(found._replace(path=item.entry.path, source=item.source) for item, found in made)]


def _may_set(file: SourceFile) -> bool:
    return not file.heads or any(head.name in NAMES or head.kind in _HOLDING for head in file.heads)


def hidden(repository: Repository, name: str) -> list[str]:
    """The keys of such a config map that a kustomization makes of what is not here, or the files of keys."""
    made = ((item, document) for item in repository.generated for document in item.file.documents or ())
    return [key for item, document in made if dig(document, "metadata", "name") == name for key in item.hidden]


def of_file(file: SourceFile) -> Iterator[Settings]:
    """What a file sets; needs its documents."""
    kustomization = file.path.rpartition("/")[2] in KUSTOMIZATION_NAMES
    manifests = {manifest.document: manifest for manifest in file.manifests()}
    for index, document in enumerate(file.documents or ()):
        if not isinstance(document, Mapping):
            continue
        if kustomization:
            yield from of_kustomization(file.path, index, document)
        elif isinstance(document.get("kind"), str):
            yield from _of_manifest(manifests[index]) if index in manifests else ()
        else:
            yield from _of_values(file.path, index, document)


def _of_manifest(whole: Manifest) -> Iterator[Settings]:
    for manifest in load.members(whole):
        for name, keys in given(manifest.kind, manifest.name, manifest.data):
            data = {key: value for key, (value, _) in keys.items()}
            places = {key: manifest.place(*pointer).pointer for key, (_, pointer) in keys.items()}
            yield Settings(name, data, whole.path, whole.document, places)
        if manifest.kind in _STEERING:
            for pointer, values in _inline(manifest.data, _STEERING[manifest.kind]):
                yield from _of_values(whole.path, whole.document, values, manifest.place(*pointer).pointer)
        if manifest.kind == _RELEASE and _installs(manifest):
            values = mapping(manifest.get("spec", "values"))
            yield from _of_values(whole.path, whole.document, values, manifest.place("spec", "values").pointer)


def _installs(release: Manifest) -> bool:
    """Tell whether a release is one of Argo CD's chart."""
    chart = release.get("spec", "chart", "spec", "chart") or release.get("spec", "chartRef", "name")
    return isinstance(chart, str) and chart.replace("-", "").startswith("argocd")


def _inline(data: Mapping[str, Any], at: Pointer) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
    """The values that an Application, or the template of several, gives its chart on the spot; `at` is its spec."""
    several = sequence(dig(data, *at, "sources"))
    for source in ((*at, "source"), *((*at, "sources", number) for number in range(len(several)))):
        pointer = (*source, "helm", "valuesObject")
        if values := mapping(dig(data, *pointer)):
            yield pointer, values


def _of_values(path: str, index: int, values: Mapping[str, Any], prefix: Pointer = ()) -> Iterator[Settings]:
    """Values of the chart, or of one that has it as a dependency."""
    for within in ((), *((key,) for key, value in values.items() if "argo" in str(key) and mapping(value))):
        for name, pointer in _IN_VALUES:
            told = mapping(dig(values, *within, *pointer))
            data = {key: as_text(value) for key, value in told.items() if key not in _OF_CHART and value != ""}
            if data:
                yield Settings(name, data, path, index, {key: (*prefix, *within, *pointer, key) for key in data})
        yield from _notified(path, index, mapping(dig(values, *within, "notifications")), (*prefix, *within))


def _notified(path: str, index: int, values: Mapping[str, Any], prefix: Pointer) -> Iterator[Settings]:
    groups = {group: mapping(values.get(group)) for group in _NOTIFIED}
    data = {key: value for group in groups.values() for key, value in group.items()}
    if data:
        keys = {key: (*prefix, "notifications", name, key) for name, group in groups.items() for key in group}
        yield Settings(NOTIFICATIONS, data, path, index, keys)
