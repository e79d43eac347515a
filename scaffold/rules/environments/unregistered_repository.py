"""A team's own repository is not the one that the fleet registers for the team.

Nothing of it is deployed then, and the fleet deploys from elsewhere, or nothing at all. It shows where both
repositories are validated together (`validate --with`).

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
    repository: https://git.example.com/checkout/deploy.git
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

from scaffold.assemble import addresses
from scaffold.model import Beside, Finding, Layer, Place, Repository, Severity
from scaffold.settings import NAME

ID = "unregistered-repository"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every team's repository whose address, or branch, no object of the engine reads."""
    used = list(addresses.in_use(repository)) if repository.conventions.registered else []
    for each in repository.conventions.registered:
        layers = {layer.kind: layer for layer in repository.layers if layer.answers.get("team") == each.team}
        if any(addresses.same(url, each.urls) for url in used):
            yield from _on_another_branch(layers.get("team"), layers.get("team-repo"))
        elif each.urls:
            yield _unregistered(each, layers.get("team"))


def _unregistered(each: Beside, layer: Layer | None) -> Finding:
    path = posixpath.join(each.directory, NAME)
    url = layer.answers.get("team_repository_url") if layer else None
    if layer and isinstance(url, str) and not addresses.same(url, each.urls):
        fact = f"the fleet registers {url!r} for team {each.team!r} ({{0}}), and this repository is {each.urls[0]!r}"
        related = (Place(layer.answers_file, 0, ("team_repository_url",)),)
        message = f"{fact}; change one of them"
        return Finding(Place(path, 0, ("repository",)), ID, message, subject=each.team, related=related)
    fact = f"nothing in the fleet reads the repository of team {each.team!r}, {each.urls[0]!r}"
    message = f"{fact}; register it there, or mend the address"
    return Finding(Place(path, 0, ("team",), at_key=True), ID, message, subject=each.team)


def _on_another_branch(team: Layer | None, own: Layer | None) -> Iterator[Finding]:
    if team is None or own is None:
        return
    followed, here = team.answers.get("team_branch"), own.answers.get("branch")
    if followed and here and followed != here:
        fact = f"the fleet follows branch {followed!r} of this repository ({{0}}), and its own answers name {here!r}"
        related = (Place(team.answers_file, 0, ("team_branch",)),)
        place = Place(own.answers_file, 0, ("branch",))
        yield Finding(place, ID, f"{fact}; change one of them", subject="branch", related=related)
