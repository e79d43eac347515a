"""A team's own repository says of an environment what the fleet does not say.

Environments belong to the fleet; a team's repository repeats them, so that commands there know the order of promotion
and the gates. It shows where both repositories are validated together (`validate --with`).

Fails:

    # fleet/.gitops-scaffold.yaml
    repository: https://git.example.com/platform/fleet.git
    environments:
      - name: dev
      - name: production
    # fleet/teams/checkout/applications.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: checkout-dev
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions: [missingkey=error]
      generators:
        - git:
            repoURL: https://git.example.com/checkout/applications.git
            revision: main
            directories:
              - path: apps/*/overlays/dev
      template:
        metadata:
          name: 'checkout-{{ index .path.segments 1 }}-dev'
        spec:
          project: default
          source:
            repoURL: https://git.example.com/checkout/applications.git
            targetRevision: main
            path: '{{ .path.path }}'
          destination:
            name: in-cluster
            namespace: checkout-dev
    # here/.gitops-scaffold.yaml
    team: checkout
    repository: https://git.example.com/checkout/applications.git
    environments:
      - name: qa
    # here/apps/payments/overlays/dev/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    # here/apps/payments/overlays/dev/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # fleet/.gitops-scaffold.yaml
    repository: https://git.example.com/platform/fleet.git
    environments:
      - name: dev
      - name: production
    # fleet/teams/checkout/applications.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: checkout-dev
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions: [missingkey=error]
      generators:
        - git:
            repoURL: https://git.example.com/checkout/applications.git
            revision: main
            directories:
              - path: apps/*/overlays/dev
      template:
        metadata:
          name: 'checkout-{{ index .path.segments 1 }}-dev'
        spec:
          project: default
          source:
            repoURL: https://git.example.com/checkout/applications.git
            targetRevision: main
            path: '{{ .path.path }}'
          destination:
            name: in-cluster
            namespace: checkout-dev
    # here/.gitops-scaffold.yaml
    team: checkout
    repository: https://git.example.com/checkout/applications.git
    environments:
      - name: dev
    # here/apps/payments/overlays/dev/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    # here/apps/payments/overlays/dev/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from scaffold.model import Environment, Finding, Place, Repository, Severity
from scaffold.nearest import hint
from scaffold.settings import NAME

ID = "unknown-environment"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every environment of a team's repository that the fleet does not have, or has otherwise."""
    known = repository.conventions
    for each in known.registered:
        for number, environment in enumerate(each.environments):
            place = Place(posixpath.join(each.directory, NAME), 0, ("environments", number, "name"))
            found = known.environment(environment.name)
            if found is None:
                names = [item.name for item in known.environments]
                message = f"environment {environment.name!r} is unknown to the fleet; {hint(environment.name, names)}"
                yield Finding(place, ID, message, subject=environment.name)
                continue
            yield from _differing(place, environment, found)
            for other in each.environments[:number]:
                before = known.environment(other.name)
                if before and _order(other, environment) != _order(before, found):
                    fact = f"environments {other.name!r} and {environment.name!r} have another order in the fleet"
                    message = f"{fact}; take its stages"
                    yield Finding(place, ID, message, subject=f"{other.name}/order")


def _differing(place: Place, here: Environment, fleet: Environment) -> Iterator[Finding]:
    for name in ("cluster", "gate"):
        own, other = getattr(here, name), getattr(fleet, name)
        if own not in ("", other):
            fact = f"environment {here.name!r} has {name} {own!r} here, and {other!r} in the fleet"
            yield Finding(place, ID, f"{fact}; take the fleet's", subject=f"{here.name}/{name}")


def _order(one: Environment, other: Environment) -> int:
    """Whether one comes before the other in the order of promotion, beside it, or after it."""
    return (one.stage > other.stage) - (one.stage < other.stage)
