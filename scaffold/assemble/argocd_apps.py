"""Values of the chart argocd-apps, which are Applications, ApplicationSets and AppProjects in another form."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scaffold import load, parse
from scaffold.model import Manifest, Overlay, Place, Pointer, dig, mapping, sequence
from scaffold.model.charts import dependencies
from scaffold.model.values import layered

_CHART = "argocd-apps"
_KINDS = {"applications": "Application", "applicationsets": "ApplicationSet", "projects": "AppProject"}
_METADATA = {"additionalAnnotations": "annotations", "additionalLabels": "labels", "finalizers": "finalizers"}
_OUTSIDE = frozenset(("name", "namespace", *_METADATA))
_Layers = Sequence[tuple[str, Mapping[str, Any]]]


@dataclass(frozen=True)
class _Entry(Manifest):
    """An object whose fields stand where the values of a chart say them.

    Of several files that is the last one with a value, and of a mapping the one that says most of it.
    """

    within: Pointer = ()
    layers: _Layers = ()

    def place(self, *pointer: str | int, at_key: bool = False) -> Place:
        inner = pointer[1:] if pointer[:1] in (("spec",), ("metadata",)) else pointer
        whole = (*self.within, *inner)
        for length in range(len(whole), len(self.within) - 1, -1):
            told = [(_size(dig(values, *whole[:length])), path) for path, values in self.layers]
            if size := max(size for size, _ in told):
                return Place(next(path for each, path in reversed(told) if each == size), 0, whole, at_key)
        return Place(self.path)


def _size(value: Any) -> int:
    """How many values there are in one; none where there is nothing."""
    if isinstance(value, Mapping):
        return 1 + sum(map(_size, value.values()))
    return int(value is not None)


def is_one(root: Path, directory: str) -> bool:
    """Tell whether the chart in a directory brings argocd-apps along."""
    return bool(_alias(root, directory))


def of(root: Path, overlay: Overlay) -> Iterator[Manifest]:
    """The objects that a chart makes by that dependency, of its own values and those of its release.

    argo-helm, argocd-apps 2.0 (`templates/`): an entry's key is the name, its other fields the spec; in 1.x there are
    lists, whose entries have a name.
    """
    alias = _alias(root, overlay.path)
    if not alias or overlay.release is None:
        return
    files = (posixpath.join(overlay.path, "values.yaml"), *overlay.release.value_files)
    layers = [(path, mapping(_document(root, path))) for path in files]
    home = next((path for path, told in layers if told), posixpath.join(overlay.path, "Chart.yaml"))
    values = layered([*(told for _, told in layers), overlay.release.values])
    for field, kind in _KINDS.items():
        for key, name, entry in _entries(dig(values, alias, field)):
            data = _object(kind, name, entry, overlay.release.namespace)
            yield _Entry(data, home, 0, overlay.path or ".", (alias, field, key), tuple(layers))


def _alias(root: Path, directory: str) -> str:
    """Under which key the values of the dependency stand; empty where there is none."""
    listed = dependencies(_document(root, posixpath.join(directory, "Chart.yaml")))
    names = (item.get("alias") or _CHART for item in listed if item.get("name") == _CHART)
    return str(next(names, ""))


def _document(root: Path, path: str) -> Any:
    try:
        documents = parse.parse(load.text(root / path)).documents
    except parse.YamlError:
        return None
    return documents[0] if documents else None


def _entries(several: Any) -> Iterator[tuple[str | int, str, Mapping[str, Any]]]:
    if isinstance(several, Mapping):
        yield from ((key, str(key), entry) for key, entry in several.items() if isinstance(entry, Mapping))
    for index, entry in enumerate(sequence(several)):
        if isinstance(dig(entry, "name"), str):
            yield index, entry["name"], entry


def _object(kind: str, name: str, entry: Mapping[str, Any], namespace: str) -> dict[str, Any]:
    own = {"name": name, "namespace": entry.get("namespace") or namespace}
    told = {field: entry[key] for key, field in _METADATA.items() if entry.get(key)}
    spec = {key: value for key, value in entry.items() if key not in _OUTSIDE}
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": kind, "metadata": {**own, **told}, "spec": spec}
