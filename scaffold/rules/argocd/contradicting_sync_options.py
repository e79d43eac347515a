"""Two sync options of one Application or object exclude each other.

With `Replace=true` an object is replaced, and `ServerSideApply=true` beside it has no effect; of one option with two
values, which one counts is left to the place that reads it.

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
        repoURL: https://git.example.com/checkout/deploy.git
        path: payments
      destination:
        name: in-cluster
        namespace: payments
      syncPolicy:
        syncOptions:
          - ServerSideApply=true
          - Replace=true

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
        repoURL: https://git.example.com/checkout/deploy.git
        path: payments
      destination:
        name: in-cluster
        namespace: payments
      syncPolicy:
        syncOptions:
          - ServerSideApply=true
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import written
from scaffold.expand import sync_options
from scaffold.model import Finding, Place, Repository, Severity, sequence

ID = "contradicting-sync-options"
SEVERITY = Severity.WARNING
SCOPE = "file"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield the second of every two options that exclude each other."""
    for item in written.applications(repository):
        options = [str(option) for option in sequence(item.get("spec", "syncPolicy", "syncOptions"))]
        for first, second in _pairs(options):
            place = item.at("spec", "syncPolicy", "syncOptions", options.index(second))
            yield _finding(item.what, first, second, place)
    for manifest in written.manifests(repository):
        text = manifest.get("metadata", "annotations", sync_options.ANNOTATION)
        for first, second in _pairs(sync_options.of_annotation(text)) if isinstance(text, str) else ():
            place = manifest.place("metadata", "annotations", sync_options.ANNOTATION)
            yield _finding(f"{manifest.kind} {manifest.name!r}", first, second, place)


def _pairs(options: list[str]) -> Iterator[tuple[str, str]]:
    for index, second in enumerate(options):
        name = second.partition("=")[0]
        yield from ((first, second) for first in options[:index] if first != second and first.startswith(f"{name}="))
        for first in options[:index]:
            if {first, second} == {"Replace=true", "ServerSideApply=true"}:
                yield first, second


def _finding(what: str, first: str, second: str, place: Place) -> Finding:
    message = f"{what}, sync options {first!r} and {second!r} exclude each other; keep the one that is meant"
    return Finding(place, ID, message, SEVERITY, subject=f"{what}/{first}/{second}")
