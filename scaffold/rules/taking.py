"""Who takes which revision of a repository, or which version of a chart, and for which environment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from scaffold.assemble import ranks
from scaffold.assemble.flux import stages
from scaffold.expand.nested import generators
from scaffold.expand.sources import used_sources
from scaffold.expand.urls import normalize
from scaffold.model import Application, FluxCluster, Place, Pointer, Repository, dig, is_variable, mapping, sequence
from scaffold.model.flux import Reference, referred
from scaffold.model.values import is_templated, text

_SET = "argoproj.io/ApplicationSet"
_VALUE = re.compile(r"\{\{\s*\.?values\.(\w+)\s*\}\}")
_CHART = ("spec", "chart", "spec")


class Use(NamedTuple):
    """Who takes which revision of a repository or a chart, and for which environment; `key` is the same elsewhere."""

    who: str
    key: str
    chart: str
    revision: str
    environment: str
    place: Place

    @property
    def production(self) -> bool:
        return self.environment in ranks.PRODUCTIONS


def of_application(application: Application) -> Iterator[Use]:
    """What the sources of an Application take, but for those of generators, whose place is shared."""
    for pointer, source in used_sources(application.data):
        url, path, chart, revision = (text(source.get(key)) for key in ("repoURL", "path", "chart", "targetRevision"))
        if application.generated or is_templated(f"{url}{path}{revision}") or not (path or chart):
            continue
        plain = "-".join(word for word in application.name.split("-") if ranks.rank(word) is None)
        named = ranks.word(application.name, ranks.PRODUCTIONS) or ranks.part(path, ranks.PRODUCTIONS)
        place = application.at(*pointer, *(["targetRevision"] if revision else []))
        yield Use(
            f"application {application.name!r}", plain if chart else normalize(url), chart, revision, named, place
        )


def of_releases(repository: Repository) -> Iterator[Use]:
    """What releases of Flux take of a repository of charts, and what is taken for them of a registry."""
    for cluster in repository.flux:
        yield from _of_repositories(cluster)
        yield from _of_registries(cluster)


def _of_repositories(cluster: FluxCluster) -> Iterator[Use]:
    for release in cluster.of_kinds("HelmRelease"):
        chart, version = (text(release.get(*_CHART, key)) for key in ("chart", "version"))
        if not is_variable(version):
            stage, place = stages.environment(cluster, release), release.place(*_CHART, "version")
            yield Use(f"HelmRelease {release.name!r}", stages.key(release), chart, version, stage, place)


def _of_registries(cluster: FluxCluster) -> Iterator[Use]:
    charts = {referred(release, "spec", "chartRef") for release in cluster.of_kinds("HelmRelease")}
    for source in cluster.of_kinds("OCIRepository"):
        field = next((field for field in ("semver", "tag") if source.get("spec", "ref", field)), "tag")
        url, version = text(source.get("spec", "url")), text(source.get("spec", "ref", field))
        if Reference(source.kind, source.namespace, source.name) in charts and not is_variable(f"{url}{version}"):
            stage, place = stages.environment(cluster, source), source.place("spec", "ref", field)
            who, chart = f"OCIRepository {source.name!r}", url.rpartition("/")[2]
            yield Use(who, stages.key(source), chart, version, stage, place)


def of_clusters(repository: Repository) -> Iterator[Use]:
    """What the values of generators over clusters take, each with the environment that its selector names."""
    for manifest in repository.manifests(_SET):
        template: Pointer = ("spec", "template", "spec")
        several = sequence(manifest.get(*template, "sources"))
        for source in (mapping(manifest.get(*template, "source")), *map(mapping, several)):
            chart, named = text(source.get("chart")), _VALUE.fullmatch(text(source.get("targetRevision")))
            for pointer, generator in generators(manifest.get("spec", "generators"), ("spec", "generators")):
                labels = mapping(dig(generator, "clusters", "selector", "matchLabels"))
                stage = next((str(value) for value in labels.values() if ranks.rank(str(value)) is not None), "")
                revision = text(dig(generator, "clusters", "values", named[1])) if named and chart else ""
                if revision:
                    who = f"ApplicationSet {manifest.name!r}{f' for {stage!r}' if stage else ''}"
                    place = manifest.place(*pointer, "clusters", "values", named[1] if named else "")
                    yield Use(who, f"set/{manifest.name}", chart, revision, stage, place)
