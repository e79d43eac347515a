"""A team's own repository has an overlay that nothing of the fleet deploys.

The fleet names the team's repository, but none of its generators or sources comes to that directory: the team does not
have the environment there, or the application's object of Flux is missing. It shows where both repositories are
validated together (`validate --with`). What is deployed of another branch, or of a release, is passed over.

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
      - name: dev
      - name: production
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
    # here/apps/payments/overlays/production/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    # here/apps/payments/overlays/production/config.yaml
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
from collections.abc import Container, Iterator

from scaffold.assemble import addresses
from scaffold.model import Beside, Finding, How, Overlay, Place, Repository, Severity
from scaffold.model.values import text

ID = "undeployed-overlay"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield the overlays of teams' repositories that no application and no Kustomization deploys."""
    if not repository.conventions.registered or any(item.unverifiable for item in repository.sets):
        return
    deployed = set(_deployed(repository))
    used = {posixpath.dirname(path) for path in deployed}
    for each in repository.conventions.registered:
        own = [overlay for overlay in repository.overlays.values() if _is_own(repository, each, overlay, used)]
        if any(overlay.path in deployed for overlay in own):
            known = deployed.union(_elsewhere(repository, each))
            yield from (_finding(repository, overlay) for overlay in own if overlay.path not in known)


def _deployed(repository: Repository) -> Iterator[str]:
    for application in repository.applications:
        yield from (source.path for source in application.sources if source.here)
    for cluster in repository.flux:
        yield from (sync.path for sync in cluster.syncs if sync.here)


def _elsewhere(repository: Repository, each: Beside) -> Iterator[str]:
    """What is deployed of a team's repository at another revision than the one that is looked at."""
    for application in repository.applications:
        for source in application.sources:
            if not source.here and addresses.same(source.repo_url, each.urls):
                yield posixpath.join(each.directory, source.path)
    for cluster in repository.flux:
        urls = {(m.namespace, m.name): text(m.get("spec", "url")) for m in cluster.of_kinds("GitRepository")}
        for sync in cluster.syncs:
            if not sync.here and addresses.same(urls.get(sync.source[1:], ""), each.urls):
                yield sync.path


def _is_own(repository: Repository, each: Beside, overlay: Overlay, used: Container[str]) -> bool:
    """Tell whether a team means an overlay to be deployed: for a known environment, or beside one that is."""
    known = repository.conventions
    whole = overlay.application and known.environment(overlay.environment)
    meant = overlay.how is not How.PLAIN and bool(whole or posixpath.dirname(overlay.path) in used)
    return meant and known.home(overlay.path) == each.directory


def _finding(repository: Repository, overlay: Overlay) -> Finding:
    item = repository.kustomizations.get(overlay.path)
    place = item.place() if item else Place(f"{overlay.path}/Chart.yaml")
    fact = f"overlay {overlay.path!r} is deployed by nothing in the fleet"
    own = " and the application a Kustomization for it" if repository.flux else ""
    known = overlay.team and repository.conventions.environment(overlay.environment)
    given = f"give team {overlay.team!r} the environment {overlay.environment!r} there{own}"
    remedy = f"{given if known else 'let a generator or a source come to it'}, or remove the overlay"
    return Finding(place, ID, f"{fact}; {remedy}", subject=overlay.path)
