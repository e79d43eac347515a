"""A value is given to a chart whose templates do not take it.

Helm takes no notice of it, so that the chart runs by its own default. Looked at are values that Applications give to
charts of this repository whose templates are all here: a key counts as taken where any of them reads it or what is
above it, or where the chart's own `values.yaml` has it. Keys under the name of a dependency are that chart's; where it
has an alias, they have to stand under that.

Fails:

    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: charts/web
        helm:
          valueFiles:
            - ../../production.yaml
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # production.yaml
    mode: fast
    host:
      title: shop.example.com
    # charts/web/Chart.yaml
    apiVersion: v2
    name: web
    version: 1.0.0
    # charts/web/values.yaml
    mode: slow
    host:
      name: web.example.com
    # charts/web/templates/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data:
      mode: {{ .Values.mode }}
      host: {{ .Values.host.name }}

Passes:

    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: charts/web
        helm:
          valueFiles:
            - ../../production.yaml
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # production.yaml
    mode: fast
    host:
      name: shop.example.com
    # charts/web/Chart.yaml
    apiVersion: v2
    name: web
    version: 1.0.0
    # charts/web/values.yaml
    mode: slow
    host:
      name: web.example.com
    # charts/web/templates/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data:
      mode: {{ .Values.mode }}
      host: {{ .Values.host.name }}
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from scaffold.assemble import deployed, tagged
from scaffold.expand import chart_values
from scaffold.expand.chart_values import Path
from scaffold.model import Application, Finding, How, Overlay, Place, Repository, Severity, Source, mapping, sequence
from scaffold.model.charts import dependencies
from scaffold.model.values import text
from scaffold.nearest import near
from scaffold.rules.environments import misspelled_value

ID = "unused-value"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_EVERYWHERE = ("global", "tags")  # of Helm, for every chart in a chart
_DEEP = 2  # levels below the first, as of files
_HIDDEN = ("x-", "_", ".")  # by which keys are marked that are only there to be referred to


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every key that is taken by none of the charts that get it, once, by the uppermost that is not."""
    asked = {reference.target for item in repository.kustomizations.values() for reference in item.references}
    slips = {(found.place.path, found.place.pointer) for found in misspelled_value.check(repository)}  # told there
    for path, charts in _given(repository).items():
        file = repository.files.get(path)
        if file is not None and path not in repository.consulted | asked:
            place = Place(path)
            for key, guess in _unused(repository, [tuple(map(str, key)) for key in file.keys], charts):
                if (path, key) not in slips:
                    yield _finding(place._replace(pointer=key, at_key=True), key, guess, charts[0])
    for application in repository.applications:
        for source in application.sources:
            yield from _inline(repository, application, source)


def _inline(repository: Repository, application: Application, source: Source) -> Iterator[Finding]:
    """The values that an Application gives by itself; those that it gives as a text have one place."""
    helm = mapping(source.options.get("helm"))
    overlay = deployed.built(repository, application, source) if source.here and source.how is How.HELM else None
    if overlay is None or overlay.release is None or not overlay.release.values:
        return
    told = "valuesObject" if helm.get("valuesObject") else "values"
    for key, guess in _unused(repository, list(_keys(overlay.release.values)), [overlay]):
        pointer = (*source.place.pointer, "helm", told, *(key if told == "valuesObject" else ()))
        yield _finding(source.place._replace(pointer=pointer, at_key=True), key, guess, overlay)


def _keys(values: Mapping[str, Any], above: Path = ()) -> Iterator[Path]:
    for key, value in values.items():
        yield (*above, str(key))
        yield from _keys(mapping(value), (*above, str(key))) if len(above) < _DEEP else ()


def _given(repository: Repository) -> dict[str, list[Overlay]]:
    """The releases that get each file of values beside their own; what a chart from elsewhere gets too is left out."""
    found: dict[str, list[Overlay]] = {}
    others = tuple(set(_elsewhere(repository)))
    for overlay in repository.overlays.values():
        for path in overlay.release.value_files if overlay.how is How.HELM and overlay.release else ():
            if not (others and f"/{path}".endswith(others)):
                found.setdefault(path, []).append(overlay)
    return found


def _elsewhere(repository: Repository) -> Iterator[str]:
    """The ends of the paths of values that charts get which are not rendered here."""
    for source in (
        source for each in repository.foreseen if not _is_tagged(repository, each) for source in each.sources
    ):
        if not (source.here and source.how is How.HELM):
            for name in sequence(mapping(source.options.get("helm")).get("valueFiles")):
                yield f"/{str(name).partition('/')[2] if str(name).startswith('$') else str(name).lstrip('./')}"


def _is_tagged(repository: Repository, application: Application) -> bool:
    """Tell whether an application reads this repository's files as they were at a tag."""
    return tagged.is_one(application) and all(deployed.is_own(repository, source) for source in application.sources)


def _unused(repository: Repository, keys: Iterable[Path], charts: Sequence[Overlay]) -> Iterator[tuple[Path, str]]:
    """The keys that no chart takes, each with what may have been meant."""
    known = [_known(repository, overlay) for overlay in charts]
    taken = {path for each in known for path in each or ()}
    told: set[Path] = set()
    for path in keys if all(each is not None for each in known) else ():
        hidden = path[0] in _EVERYWHERE or any(part.startswith(_HIDDEN) for part in path)
        if not (hidden or any(path[: len(each)] == each for each in told) or chart_values.is_taken(path, taken)):
            told.add(path)
            beside = {each[len(path) - 1] for each in taken if each[: len(path) - 1] == path[:-1] != each}
            alias = _alias(repository, charts, path)
            yield path, alias or near(path[-1], beside - {chart_values.WITHIN})


def _alias(repository: Repository, charts: Iterable[Overlay], path: Path) -> str:
    """What a dependency is called by whose own name a key is."""
    files = (repository.files.get(posixpath.join(chart.path, "Chart.yaml")) for chart in charts)
    listed = (item for file in files if file and file.documents for item in dependencies(file.documents[0]))
    aliases = (text(item.get("alias")) for item in listed if (text(item.get("name")),) == path)
    return next(filter(None, aliases), "")


def _known(repository: Repository, overlay: Overlay) -> list[Path] | None:
    """What a chart takes, and what its own values have; None where one of that is not known, or it is not deployed."""
    own = repository.files.get(posixpath.join(overlay.path, "values.yaml"))
    hidden = own is not None and not own.keys
    if overlay.values_read is None or hidden or (overlay.release and (overlay.release.alone or overlay.release.open)):
        return None
    own_keys = (tuple(map(str, key)) for key in (own.keys if own else ()))
    return [*overlay.values_read, *((*key, chart_values.WITHIN) for key in own_keys)]


def _finding(place: Place, path: Path, guess: str, chart: Overlay) -> Finding:
    name = ".".join(path)
    remedy = f"did you mean {'.'.join((*path[:-1], guess))!r}?" if guess else "remove it, or read it in a template"
    fact = f"no template of chart {chart.path!r} takes the value {name!r}, so it does nothing"
    return Finding(place, ID, f"{fact}; {remedy}", SEVERITY, subject=name)
