"""The releases of charts by the cluster that each is on, of Flux and of Argo CD."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from scaffold.assemble import deployed
from scaffold.expand.sources import used_sources
from scaffold.model import Application, FluxCluster, Manifest, Place, Pointer, Repository, mapping
from scaffold.model.flux import Reference, referred
from scaffold.model.values import text

_BETA = "v1beta1"


class Release(NamedTuple):
    """A release of a chart; the version is empty where it is not told, or what it serves is not."""

    who: str
    version: str
    place: Place


def homes(repository: Repository) -> Mapping[str, set[tuple[str, ...]]]:
    """The clusters that each overlay is deployed to, as `by_cluster` names them."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for cluster in repository.flux:
        for sync in cluster.syncs:
            found.setdefault(sync.overlay, set()).add(("flux", cluster.name))
    for application in repository.applications:
        for source in application.sources:
            overlay = deployed.built(repository, application, source) if source.here else None
            if overlay:
                found.setdefault(overlay.name, set()).add(_home(application))
    return found


def _home(application: Application) -> tuple[str, ...]:
    return ("argocd", application.cluster, application.server)


def by_cluster(repository: Repository, charts: frozenset[str]) -> Mapping[tuple[tuple[str, ...], str], list[Release]]:
    """The releases of some charts, by cluster and chart."""
    found: dict[tuple[tuple[str, ...], str], list[Release]] = {}
    for cluster in repository.flux:
        for release in cluster.of_kinds("HelmRelease"):
            chart, version, place = _chart(cluster, release)
            told = version if _is_told(release) else ""
            if chart in charts:
                made = Release(f"HelmRelease {release.name!r}", told, place)
                found.setdefault((("flux", cluster.name), chart), []).append(made)
    for application in repository.applications:
        for pointer, source in used_sources(application.data):
            if (chart := text(source.get("chart"))) in charts:
                made = _of_application(application, pointer, source)
                found.setdefault((_home(application), chart), []).append(made)
    return found


def _of_application(application: Application, pointer: Pointer, source: Mapping[str, Any]) -> Release:
    helm = mapping(source.get("helm"))
    asked = [key for key in ("values", "valueFiles", "parameters", "skipCrds") if helm.get(key)]
    version = "" if asked or _is_other(helm.get("valuesObject")) else text(source.get("targetRevision"))
    return Release(f"application {application.name!r}", version, application.at(*pointer, "targetRevision"))


def _chart(cluster: FluxCluster, release: Manifest) -> tuple[str, str, Place]:
    """The chart that a release names, its version, and where that stands."""
    spec = ("spec", "chart", "spec")
    if release.get(*spec) is not None:
        return text(release.get(*spec, "chart")), text(release.get(*spec, "version")), release.place(*spec, "version")
    wanted = referred(release, "spec", "chartRef")
    for source in cluster.of_kinds("OCIRepository"):
        if Reference(source.kind, source.namespace, source.name) == wanted:
            field = "semver" if source.get("spec", "ref", "semver") else "tag"
            chart = text(source.get("spec", "url")).rpartition("/")[2]
            return chart, text(source.get("spec", "ref", field)), source.place("spec", "ref", field)
    return "", "", release.place("spec")


def _is_told(release: Manifest) -> bool:
    """Tell whether all values of a release are its own, and leave the definitions as they are."""
    return not release.get("spec", "valuesFrom") and not _is_other(release.get("spec", "values"))


def _is_other(values: object) -> bool:
    """Tell values that leave definitions out, or by which an old version is served."""
    crds = mapping(mapping(values).get("crds"))
    return (
        mapping(values).get("installCRDs") is False
        or False in crds.values()
        or any(_BETA in str(key).lower() for key in crds)
        or _BETA in str(mapping(values).get("extraObjects"))
    )
