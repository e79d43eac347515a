"""An application has no overlay for an environment that it targets, or one for an environment that it does not.

A generator finds applications by their overlays, so what is missing is not deployed and nobody is told; and an
overlay for an environment that the fleet does not have is found by no generator. The environments of an application
are those of its answers file.

Fails:

    # .gitops-scaffold.yaml
    environments:
      - name: dev
      - name: production
    # apps/checkout/payments/.copier-answers.yml
    kind: app
    team: checkout
    app: payments
    environments:
      - name: dev
      - name: production
    # apps/checkout/payments/overlays/dev/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    # apps/checkout/payments/overlays/dev/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # .gitops-scaffold.yaml
    environments:
      - name: dev
      - name: production
    # apps/checkout/payments/.copier-answers.yml
    kind: app
    team: checkout
    app: payments
    environments:
      - name: dev
    # apps/checkout/payments/overlays/dev/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    # apps/checkout/payments/overlays/dev/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from scaffold.assemble.conventions import targets
from scaffold.model import Finding, Layer, Place, Repository, Severity
from scaffold.nearest import hint

ID = "missing-overlay"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every environment of an application without a directory, and every directory without an environment."""
    overlays: dict[str, set[str]] = {}
    for directory in repository.directories:
        parent, _, name = directory.rpartition("/overlays/")
        if parent and "/" not in name:
            overlays.setdefault(parent, set()).add(name)
    for layer in repository.layers:
        if layer.kind == "app":
            yield from _missing(layer, overlays.get(layer.path, set()))
            yield from _unknown(repository, layer, overlays.get(layer.path, set()))


def _missing(layer: Layer, there: set[str]) -> Iterator[Finding]:
    for index, name in enumerate(targets(layer)):
        if name not in there:
            path = posixpath.join(layer.path, "overlays", name)
            fact = f"application {layer.path!r} targets environment {name!r}, but {path!r} is not there"
            message = f"{fact}; add it, or drop the environment"
            yield Finding(Place(layer.answers_file, 0, ("environments", index)), ID, message, subject=name)


def _unknown(repository: Repository, layer: Layer, there: set[str]) -> Iterator[Finding]:
    known = {environment.name for environment in repository.conventions.environments}
    for name in sorted(there - set(targets(layer)) - known) if repository.conventions.declared else ():
        path = posixpath.join(layer.path, "overlays", name)
        item = repository.kustomizations.get(path)
        place = item.place() if item else Place(layer.answers_file)
        message = f"overlay {path!r} is for environment {name!r}, which the fleet does not have; {hint(name, known)}"
        yield Finding(place, ID, message, subject=f"overlay/{name}")
