"""A source of an Application is refused by Argo CD.

A chart needs its version in `targetRevision`, a source a path, a chart or a `ref`. The names in `ref` are made of
letters, digits, `-` and `_`, and differ; and a source is of one type, so it cannot have options of Helm and of
Kustomize. A URL with `oci://` names the very artifact, and a chart beside it is not looked at: the URL of a registry of
charts is written without that. The Application then says InvalidSpecError or ComparisonError, and nothing of it is
deployed (3.5).

Fails:

    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://charts.example.com
        chart: payments
      destination:
        name: in-cluster
        namespace: payments

Passes:

    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://charts.example.com
        chart: payments
        targetRevision: 1.4.2
      destination:
        name: in-cluster
        namespace: payments
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.expand.sources import used_sources
from scaffold.model import Application, Finding, How, Pointer, Repository, Severity
from scaffold.nearest import near

ID = "refused-source"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_REF = re.compile(r"[a-zA-Z0-9_-]+")
_OCI = "oci://"
_NO_VERSION = "its chart has no version"
_TYPES = ("directory", "helm", "kustomize", "plugin")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every flaw of a source that is in use; a generator's applications share one place."""
    seen = set()
    pinned = {place for application in repository.foreseen for place in _pinned(application)}
    for application in repository.foreseen:
        for pointer, fact, remedy in _flaws(application):
            place = application.at(*pointer)
            given = fact == _NO_VERSION and _may_be_given(repository, application, pinned=place[:3] in pinned)
            if (place, fact) not in seen and not given:
                seen.add((place, fact))
                message = f"application {application.name!r} has a source that is refused, {fact}; {remedy}"
                yield Finding(place, ID, message, subject=f"{application.name}/{fact}")


def _may_be_given(repository: Repository, application: Application, *, pinned: bool) -> bool:
    """Tell whether values give the version: a chart makes the application, for other values or for nobody who is here.

    Where an overlay patches one, it has to have what the others have.
    """
    overlay = repository.overlays.get(application.place.overlay)
    alone = overlay is not None and overlay.release is not None and overlay.release.alone
    return overlay is not None and overlay.how is How.HELM and (pinned or alone)


def _pinned(application: Application) -> Iterator[tuple[str, int, Pointer]]:
    """The sources with a version: what a chart makes has it of values, which nobody need have for all environments."""
    for pointer, source in used_sources(application.data):
        if source.get("targetRevision"):
            yield application.at(*pointer)[:3]


def _is_beside(url: str, chart: str) -> bool:
    """Tell whether an address lacks the chart; of one that ends nearly so, the chart counts for nothing."""
    last = url.rpartition("/")[2]
    return last != chart and not near(last, [chart])


def _flaws(application: Application) -> Iterator[tuple[Pointer, str, str]]:
    refs = set()
    for pointer, source in used_sources(application.data):
        if pointer[-1] == "sourceHydrator":
            continue
        ref, chart, url = (str(source.get(field) or "") for field in ("ref", "chart", "repoURL"))
        if not (source.get("path") or chart or (ref and len(pointer) == 3)):
            yield pointer, "it has neither a path nor a chart", "give it one; '.' is the root"
        sure = application.tells(chart) or not source.get("path")  # whatever the chart becomes
        if chart and sure and not source.get("targetRevision"):
            yield pointer, _NO_VERSION, "write the version as targetRevision"
        if chart and ref and len(pointer) == 3:
            yield (*pointer, "ref"), f"ref {ref!r} is of a chart, whose files no source can read", "take a repository"
        if chart and application.tells(chart, url) and url.startswith(_OCI) and _is_beside(url, chart):
            fact = f"its chart {chart!r} is not looked at, since {url!r} is an artifact by itself"
            yield (*pointer, "repoURL"), fact, f"write {url.removeprefix(_OCI)!r}"
        if ref and application.tells(ref) and not _REF.fullmatch(ref):
            yield (*pointer, "ref"), f"ref {ref!r} is no name", "write letters, digits, '-' and '_' alone"
        if ref and ref in refs:
            yield (*pointer, "ref"), f"ref {ref!r} is given twice", "give each source its own"
        refs.add(ref)
        types = [name for name in _TYPES if source.get(name) is not None]
        if len(types) > 1:
            yield (*pointer, types[1]), f"it has options of {' and '.join(types)}", "keep those of one"
