"""An ImageUpdater that is called after one environment updates Applications of a later one, too.

Its pattern is wider than its name, as `web-*` is, so that what nobody has tried out is written where only a promotion
was to write (Argo CD Image Updater 1.x). Environments are told by the words of names, in their usual order; an updater
whose name has none, and one of a production, is left alone, as are Applications that its labels do not select, and
entries by which annotations of each Application decide.

Fails:

    # updater.yaml
    apiVersion: argocd-image-updater.argoproj.io/v1alpha1
    kind: ImageUpdater
    metadata:
      name: web-dev
      namespace: argocd
    spec:
      applicationRefs:
        - namePattern: web-*
          images:
            - alias: web
              imageName: registry.example.com/web
    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://charts.example.com
        chart: web
        targetRevision: 1.2.3
      destination:
        name: in-cluster
        namespace: kube-system

Passes:

    # updater.yaml
    apiVersion: argocd-image-updater.argoproj.io/v1alpha1
    kind: ImageUpdater
    metadata:
      name: web-dev
      namespace: argocd
    spec:
      applicationRefs:
        - namePattern: web-dev
          images:
            - alias: web
              imageName: registry.example.com/web
    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://charts.example.com
        chart: web
        targetRevision: 1.2.3
      destination:
        name: in-cluster
        namespace: kube-system
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.assemble import patched, ranks
from scaffold.expand import paths
from scaffold.model import Application, Confidence, Finding, Manifest, Repository, Severity, dig, mapping, sequence
from scaffold.model.values import is_templated, text
from scaffold.rules.selecting import fits

ID = "overreaching-image-updater"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_KIND = "argocd-image-updater.argoproj.io/ImageUpdater"
_REFS = ("spec", "applicationRefs")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every pattern that reaches an environment behind the updater's own."""
    for updater in repository.manifests(_KIND):
        own = ranks.rank(updater.name)
        if own is None or patched.is_changed(repository, updater):
            continue
        namespace = text(dig(updater.data, "spec", "namespace")) or updater.namespace
        for index, entry in enumerate(map(mapping, sequence(updater.get(*_REFS)))):
            reached = (each for each in repository.foreseen if _is_reached(each, namespace, entry))
            later = [each for each in reached if (ranks.rank(each.name) or 0) > own]
            if later and entry.get("useAnnotations") is not True:
                yield _finding(updater, index, text(entry.get("namePattern")), later)


def _is_reached(application: Application, namespace: str, entry: Mapping[str, Any]) -> bool:
    if is_templated(application.name) or (namespace and application.namespace not in ("", namespace)):
        return False
    labels = mapping(dig(application.data, "metadata", "labels"))
    pattern = text(entry.get("namePattern"))
    return paths.matches(pattern, application.name) and fits(mapping(entry.get("labelSelectors")), labels)


def _finding(updater: Manifest, index: int, pattern: str, later: list[Application]) -> Finding:
    last = max(later, key=lambda each: (ranks.rank(each.name) or 0, each.name))
    more = f" and {len(later) - 1} more" if len(later) > 1 else ""
    fact = f"ImageUpdater {updater.name!r} has pattern {pattern!r}, which is for application {last.name!r}{more}"
    message = f"{fact} of a later environment ({{0}}), too; name those of its own"
    place = updater.place(*_REFS, index, "namePattern")
    related = (last.at("metadata", "name"),)
    return Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, f"{updater.name}/{pattern}", related)
