"""An overlay of an environment has no Application, while the environments before and after it have theirs.

The same directory of two other environments is deployed from here, one of a stage before and one of a stage behind, and
every other directory of that kind has an Application for this environment: what is promoted skips it, and nobody is
told. An overlay that a kustomization, a script or Flux takes is deployed by that, and where generators make
Applications that files do not tell, nothing is said.

Fails:

    # .gitops-scaffold.yaml
    repository: https://git.example.com/shop/deploy.git
    # shop.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: shop
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions: [missingkey=error]
      generators:
        - list:
            elements:
              - {app: cart, environment: dev}
              - {app: cart, environment: staging}
              - {app: cart, environment: production}
              - {app: pay, environment: dev}
              - {app: pay, environment: production}
      template:
        metadata:
          name: '{{ .app }}-{{ .environment }}'
        spec:
          project: default
          source:
            repoURL: https://git.example.com/shop/deploy.git
            targetRevision: main
            path: '{{ .app }}/overlays/{{ .environment }}'
          destination:
            server: https://{{ .environment }}.example.com
            namespace: kube-system
    # cart/overlays/dev/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: cart
    # cart/overlays/staging/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: cart
    # cart/overlays/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: cart
    # pay/overlays/dev/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: pay
    # pay/overlays/staging/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    # pay/overlays/staging/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: pay
    # pay/overlays/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: pay

Passes:

    # .gitops-scaffold.yaml
    repository: https://git.example.com/shop/deploy.git
    # shop.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: shop
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions: [missingkey=error]
      generators:
        - list:
            elements:
              - {app: cart, environment: dev}
              - {app: cart, environment: staging}
              - {app: cart, environment: production}
      template:
        metadata:
          name: '{{ .app }}-{{ .environment }}'
        spec:
          project: default
          source:
            repoURL: https://git.example.com/shop/deploy.git
            targetRevision: main
            path: '{{ .app }}/overlays/{{ .environment }}'
          destination:
            server: https://{{ .environment }}.example.com
            namespace: kube-system
    # cart/overlays/dev/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: cart
    # cart/overlays/staging/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: cart
    # cart/overlays/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: cart
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from scaffold.assemble import deployed, ranks
from scaffold.model import Application, Confidence, Finding, Kustomization, Repository, Severity

ID = "missing-application"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_Deployed = Mapping[str, Application]


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such overlay, at the Application of the stage before."""
    if any(item.unverifiable or item.errors for item in repository.sets):
        return
    having, alike = _deployed(repository), _alike(repository)
    for directory, before in _skipped(repository, having):
        others = alike.get(_kind(directory), set()) - {directory}
        if others and others <= having.keys():
            yield _finding(repository.kustomizations[directory], having[before])


def _skipped(repository: Repository, having: _Deployed) -> Iterator[tuple[str, str]]:
    """The overlays that nothing takes, between two that Applications deploy, each with the one before it."""
    taken, scripted = _taken(repository), {posixpath.dirname(path) for path in repository.scripted}
    beside: dict[str, set[str]] = {}
    for path in having:
        beside.setdefault(posixpath.dirname(path), set()).add(posixpath.basename(path))
    for directory, item in repository.kustomizations.items():
        parent, name = posixpath.split(directory)
        others = beside.get(parent, set())
        if directory not in having and directory not in taken and not item.is_component and _is_between(name, others):
            before = posixpath.join(parent, _before(name, others))
            if directory not in scripted or before in scripted:  # a script may name all of them
                yield directory, before


def _deployed(repository: Repository) -> dict[str, Application]:
    found: dict[str, Application] = {}
    for application in repository.applications:
        for source in application.sources:
            if deployed.is_own(repository, source):
                found.setdefault(source.path, application)
    return found


def _taken(repository: Repository) -> set[str]:
    """The directories that a kustomization or Flux takes."""
    levels = repository.kustomizations.values()
    found = {reference.target for item in levels for reference in item.references}
    return found | {sync.path for cluster in repository.flux for sync in cluster.syncs}


def _is_between(name: str, others: set[str]) -> bool:
    """Tell whether environments of a stage before and of one behind are deployed."""
    own, stages = ranks.rank(name), [found for found in map(ranks.rank, others) if found is not None]
    return own is not None and bool(stages) and min(stages) < own < max(stages)


def _before(name: str, others: set[str]) -> str:
    own = ranks.rank(name) or 0
    staged = [(stage, other) for other in sorted(others) if (stage := ranks.rank(other)) is not None and stage < own]
    return max(staged)[1]


def _alike(repository: Repository) -> dict[tuple[str, ...], set[str]]:
    """The directories that stand alike in the applications of one directory: `apps/*/overlays/staging`."""
    found: dict[tuple[str, ...], set[str]] = {}
    for path in repository.directories:
        found.setdefault(_kind(path), set()).add(path)
    return found


def _kind(path: str) -> tuple[str, ...]:
    """A path without the directory of its application."""
    *home, _, above, name = ("", "", *path.split("/"))
    return (*home, above, name)


def _finding(item: Kustomization, before: Application) -> Finding:
    fact = f"overlay {item.directory!r} ({{0}}) is deployed by no Application, while {before.name!r} deploys the stage"
    message = f"{fact} before, and all others have one for {posixpath.basename(item.directory)!r}; add it here"
    return Finding(before.place, ID, message, SEVERITY, Confidence.MEDIUM, item.directory, (item.place(),))
