"""Production follows a branch or a range of versions, while what stands beside it names one version.

One Application of a production follows a branch, whereas the others there follow tags or commits of that repository:
what is merged is then in production at once. Or production takes a chart by a range of versions, and another
environment names one version of it, so that production installs what nobody has tried.

Fails:

    # cart.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: cart-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: v1.4.2
        path: cart/overlays/production
      destination:
        name: in-cluster
        namespace: cart
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web/overlays/production
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # cart/overlays/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: cart
    data: {}
    # web/overlays/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data: {}

Passes:

    # cart.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: cart-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: v1.4.2
        path: cart/overlays/production
      destination:
        name: in-cluster
        namespace: cart
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: v1.4.2
        path: web/overlays/production
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # cart/overlays/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: cart
    data: {}
    # web/overlays/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data: {}
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scaffold.assemble import ranks
from scaffold.assemble.flux import stages
from scaffold.expand.nested import generators
from scaffold.expand.sources import used_sources
from scaffold.expand.urls import normalize
from scaffold.model import (
    Application,
    Confidence,
    Finding,
    FluxCluster,
    Manifest,
    Place,
    Pointer,
    Repository,
    Severity,
    dig,
    is_variable,
    mapping,
    sequence,
)
from scaffold.model.flux import Reference, referred
from scaffold.model.values import is_templated, text

ID = "stray-revision"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_PINNED = re.compile(r"(refs/tags/.+|[0-9a-f]{40}|([\w.-]+[-/])?v?\d+(\.\d+)+([-+][\w.+-]+)?)\Z")
_VERSION = re.compile(r"v?\d+\.\d+\.\d+([-+][\w.+-]+)?\Z")
_SET = "argoproj.io/ApplicationSet"
_VALUE = re.compile(r"\{\{\s*\.?values\.(\w+)\s*\}\}")
_CHART = ("spec", "chart", "spec")


class _Use(NamedTuple):
    """Who takes which revision of a repository or a chart, and whether for production; `key` is the same elsewhere."""

    who: str
    key: str
    chart: str
    revision: str
    production: bool
    place: Place


def check(repository: Repository) -> Iterator[Finding]:
    """Yield the one of production that follows a branch, and every range of a chart beside one version."""
    uses = [use for application in repository.applications for use in _of_application(application)]
    yield from _branches([use for use in uses if use.production and not use.chart])
    every = [*uses, *_of_releases(repository), *_of_clusters(repository)]
    for use in (use for use in every if use.production and use.chart):
        others = [o for o in every if (o.key, o.chart) == (use.key, use.chart)]
        pinned = next((other for other in others if _VERSION.match(other.revision)), None)
        if pinned and use.revision and not _VERSION.match(use.revision):
            fact = (
                f"{use.who} takes chart {use.chart!r} by the range {use.revision!r}, while {pinned.who} ({{0}}) names"
            )
            yield _finding(use, f"{fact} {pinned.revision!r}; name one version", pinned)


def _branches(uses: list[_Use]) -> Iterator[Finding]:
    for key in dict.fromkeys(use.key for use in uses):
        same = [use for use in uses if use.key == key]
        pinned, odd = _parted(same)
        if len(odd) == 1 and pinned and pinned[0].who != odd[0].who:
            follows = f"follows {odd[0].revision!r}" if odd[0].revision else "has no targetRevision and follows HEAD"
            fact = f"{odd[0].who} {follows}, while {pinned[0].who} ({{0}}) names {pinned[0].revision!r}"
            yield _finding(odd[0], f"{fact}; name a tag or a commit", pinned[0])


def _parted(uses: Iterable[_Use]) -> tuple[list[_Use], list[_Use]]:
    pinned: list[_Use] = []
    odd: list[_Use] = []
    for use in uses:
        (pinned if _PINNED.match(use.revision) else odd).append(use)
    return pinned, odd


def _finding(use: _Use, message: str, other: _Use) -> Finding:
    return Finding(use.place, ID, message, SEVERITY, Confidence.MEDIUM, use.who, (other.place,))


def _of_application(application: Application) -> Iterator[_Use]:
    """What the sources of an Application take, but for those of generators, whose place is shared."""
    for pointer, source in used_sources(application.data):
        url, path, chart, revision = (text(source.get(key)) for key in ("repoURL", "path", "chart", "targetRevision"))
        if application.generated or is_templated(f"{url}{path}{revision}") or not (path or chart):
            continue
        plain = "-".join(word for word in application.name.split("-") if ranks.rank(word) is None)
        named = ranks.word(application.name, ranks.PRODUCTIONS) or ranks.part(path, ranks.PRODUCTIONS)
        place = application.at(*pointer, *(["targetRevision"] if revision else []))
        yield _Use(
            f"application {application.name!r}", plain if chart else normalize(url), chart, revision, bool(named), place
        )


def _of_releases(repository: Repository) -> Iterator[_Use]:
    """What releases of Flux take of a repository of charts, and what is taken of a registry."""
    for cluster in repository.flux:
        for release in cluster.of_kinds("HelmRelease"):
            chart, version = (text(release.get(*_CHART, key)) for key in ("chart", "version"))
            if not is_variable(version):
                who, key = f"HelmRelease {release.name!r}", stages.key(release)
                production = _is_production(cluster, release)
                place = release.place(*_CHART, "version")
                yield _Use(who, key, chart, version, production, place)
        charts = {referred(release, "spec", "chartRef") for release in cluster.of_kinds("HelmRelease")}
        for source in cluster.of_kinds("OCIRepository"):
            if Reference(source.kind, source.namespace, source.name) not in charts:
                continue
            field = next((field for field in ("semver", "tag") if source.get("spec", "ref", field)), "tag")
            chart, version = text(source.get("spec", "url")), text(source.get("spec", "ref", field))
            chart = chart.rpartition("/")[2]
            if not is_variable(f"{chart}{version}"):
                who, key = f"OCIRepository {source.name!r}", stages.key(source)
                place = source.place("spec", "ref", field)
                yield _Use(who, key, chart, version, _is_production(cluster, source), place)


def _is_production(cluster: FluxCluster, manifest: Manifest) -> bool:
    return stages.environment(cluster, manifest) in ranks.PRODUCTIONS


def _of_clusters(repository: Repository) -> Iterator[_Use]:
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
                    yield _Use(who, f"set/{manifest.name}", chart, revision, stage in ranks.PRODUCTIONS, place)
