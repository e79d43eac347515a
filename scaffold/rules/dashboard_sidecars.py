"""Which ConfigMaps the sidecars of Grafana read, as releases and applications of its charts say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold import load
from scaffold.assemble import patched
from scaffold.expand.sources import used_sources
from scaffold.model import Manifest, Place, Repository, dig, is_variable, mapping, sequence
from scaffold.model.values import is_templated, text

_STACK, _ALONE = "kube-prometheus-stack", "grafana"
_LABEL = "grafana_dashboard"
_SINCE = 33  # since which the stack asks for the value "1"
_TOLD, _VARIABLES = ("sidecar", "dashboards"), frozenset(("FOLDER", "LABEL"))
_MAJOR = re.compile(r"[v^~>= ]*(\d{1,6})\b")


class Sidecar(NamedTuple):
    """The label that a sidecar asks for, the value that it has to have, if any, and where that is said."""

    label: str
    value: str
    place: Place

    def __str__(self) -> str:
        return f"{self.label}={self.value}" if self.value else self.label

    def reads(self, labels: Mapping[str, str]) -> bool:
        return self.label in labels and self.value in ("", labels[self.label])


def known(repository: Repository) -> list[Sidecar]:
    """The sidecars of a repository; none where what one of them asks for is not told."""
    found = [*_of_releases(repository), *_of_applications(repository)]
    return [] if None in found or _is_elsewhere(repository) else [each for each in found if each]


def _is_elsewhere(repository: Repository) -> bool:
    """Tell whether a file of values speaks of a sidecar, or a pod that no known chart makes is one."""
    told = any(key[at : at + 2] == _TOLD for file in repository.files.values() for key in file.keys for at in (0, 1))
    return told or any(_VARIABLES.issubset(item.keys) for each in repository.overlays.values() for item in each.objects)


def _of_releases(repository: Repository) -> Iterator[Sidecar | None]:
    for release in repository.manifests("helm.toolkit.fluxcd.io/HelmRelease"):
        chart = mapping(release.get("spec", "chart", "spec"))
        name = text(chart.get("chart")).rpartition("/")[2]
        if name not in (_STACK, _ALONE):
            yield from [None] if dig(release.data, "spec", "values", "grafana", *_TOLD) else ()
        else:
            open_ended = bool(release.get("spec", "valuesFrom")) or patched.is_changed(repository, release)
            values = mapping(release.get("spec", "values"))
            place = release.place("spec", "values", at_key=True)
            yield from _sidecar(name, text(chart.get("version")), values, place, open_ended=open_ended)


def _of_applications(repository: Repository) -> Iterator[Sidecar | None]:
    for application in repository.applications:
        for pointer, source in used_sources(application.data):
            name, helm = text(source.get("chart")), mapping(source.get("helm"))
            if name in (_STACK, _ALONE):
                written = load.source_file("", text(helm.get("values")).encode(), keep=True).documents or ({},)
                values = mapping(helm.get("valuesObject")) or mapping(written[0])
                open_ended = bool(helm.get("valueFiles") or helm.get("parameters"))
                place = application.at(*pointer, "chart")
                yield from _sidecar(name, text(source.get("targetRevision")), values, place, open_ended=open_ended)


def _sidecar(
    chart: str, version: str, values: Mapping[str, Any], place: Place, *, open_ended: bool
) -> Iterator[Sidecar | None]:
    own = mapping(values.get("grafana")) if chart == _STACK else values
    told = mapping(dig(own, "sidecar", "dashboards"))
    enabled = told.get("enabled", chart == _STACK) if own.get("enabled") is not False else False
    if enabled is False and not open_ended:
        return
    major = _MAJOR.match(version)
    default = "1" if chart == _STACK and major and int(major[1]) >= _SINCE else ""
    label, value = told.get("label", _LABEL), told.get("labelValue", default)
    whole = {"label", "labelValue"} <= told.keys() or not open_ended
    sure = enabled is True and whole and isinstance(label, str) and isinstance(value, str | type(None))
    filled = is_variable(f"{label}{value}") or is_templated(f"{label}{value}")
    yield Sidecar(str(label), text(value), place) if sure and not filled else None


class Labelled(NamedTuple):
    """A ConfigMap with its labels, each with where it stands."""

    name: str
    labels: Mapping[str, str]
    places: Mapping[str, Place]


def dashboards(repository: Repository) -> Iterator[Labelled]:
    """The ConfigMaps with labels, written down or made by a kustomization, that nothing patches."""
    for path, file in repository.files.items():
        for head in file.heads:
            bare = Manifest({"kind": head.kind}, path, head.document)
            if (head.kind, head.group) == ("ConfigMap", "") and head.labels and not _is_patched(repository, bare):
                places = {key: bare.place("metadata", "labels", key, at_key=True) for key, _ in head.labels}
                yield Labelled(head.name, dict(head.labels), places)
    for item in repository.kustomizations.values():
        for index, entry in enumerate(sequence(item.manifest.get("configMapGenerator"))):
            labels: dict[str, str] = {}
            places = {}
            for pointer in (("generatorOptions", "labels"), ("configMapGenerator", index, "options", "labels")):
                for key, value in mapping(item.manifest.get(*pointer)).items():
                    labels[str(key)] = str(value)
                    places[str(key)] = item.place(*pointer, key, at_key=True)
            yield Labelled(text(dig(entry, "name")), labels, places)


def _is_patched(repository: Repository, manifest: Manifest) -> bool:
    return manifest.path in patched.files(repository) or patched.is_changed(repository, manifest)


def added(repository: Repository) -> frozenset[str]:
    """The labels that kustomizations give to whatever they build."""
    found: set[str] = set()
    for item in repository.kustomizations.values():
        found |= set(map(str, mapping(item.manifest.get("commonLabels"))))
        for entry in sequence(item.manifest.get("labels")):
            found |= set(map(str, mapping(dig(entry, "pairs"))))
    return frozenset(found)
