"""A dashboard, a data source or the like is for a Grafana of another namespace, and does not say that it may be.

The Grafana operator looks for instances in the namespace of the object alone, unless that sets
`allowCrossNamespaceImport` (Grafana operator 5.19): no instance is found, and the Grafana never has it. Reported are
objects whose selector fits an instance of another namespace that the repository renders, and none of their own.

Fails:

    # all.yaml
    apiVersion: grafana.integreatly.org/v1beta1
    kind: Grafana
    metadata:
      name: main
      namespace: monitoring
      labels:
        dashboards: main
    spec:
      version: 12.1.1
    ---
    apiVersion: grafana.integreatly.org/v1beta1
    kind: GrafanaDatasource
    metadata:
      name: logs
      namespace: logging
    spec:
      instanceSelector:
        matchLabels:
          dashboards: main
      datasource:
        name: Logs
        type: loki
        access: proxy
        url: http://loki.logging.svc:3100

Passes:

    # all.yaml
    apiVersion: grafana.integreatly.org/v1beta1
    kind: Grafana
    metadata:
      name: main
      namespace: monitoring
      labels:
        dashboards: main
    spec:
      version: 12.1.1
    ---
    apiVersion: grafana.integreatly.org/v1beta1
    kind: GrafanaDatasource
    metadata:
      name: logs
      namespace: logging
    spec:
      allowCrossNamespaceImport: true
      instanceSelector:
        matchLabels:
          dashboards: main
      datasource:
        name: Logs
        type: loki
        access: proxy
        url: http://loki.logging.svc:3100
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import bodies
from scaffold.assemble.bodies import Kept
from scaffold.model import Finding, Repository, Severity, is_variable, mapping
from scaffold.rules.selecting import fits

ID = "unimported-by-grafana"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_GRAFANA = "grafana.integreatly.org/Grafana"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every object whose instances are all in other namespaces, where it is not let import across these."""
    for kept in bodies.of(repository, *bodies.OF_GRAFANA):
        selector = mapping(kept.manifest.get("spec", "instanceSelector"))
        if not selector or kept.manifest.get("spec", "allowCrossNamespaceImport") or not _is_told(kept):
            continue
        instances = [each for each in _instances(repository, kept) if fits(selector, _labels(each))]
        if instances and all(_is_told(each) and each.item.namespace != kept.item.namespace for each in instances):
            yield _finding(repository, kept, instances[0])


def _instances(repository: Repository, kept: Kept) -> Iterator[Kept]:
    every = bodies.of(repository, _GRAFANA)
    return (each for each in every if bodies.meet(repository, kept.overlay, each.overlay))


def _labels(grafana: Kept) -> dict[str, object]:
    return dict(mapping(grafana.manifest.metadata.get("labels")))


def _is_told(kept: Kept) -> bool:
    return bool(kept.item.namespace) and not is_variable(kept.item.namespace)


def _finding(repository: Repository, kept: Kept, instance: Kept) -> Finding:
    item, grafana = kept.item, instance.item
    fact = f"{item.kind} {item.name!r} of namespace {item.namespace!r} is for Grafana {grafana.name!r} ({{0}})"
    message = f"{fact}, which is in {grafana.namespace!r}; set allowCrossNamespaceImport, or move it there"
    place = bodies.place(repository, kept, "spec", "instanceSelector", at_key=True)
    related = (bodies.beside(repository, instance, "metadata", "name"),)
    return Finding(place, ID, message, SEVERITY, related=related, unless=bodies.WHOLE)
