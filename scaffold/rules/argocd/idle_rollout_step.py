"""A step of an ApplicationSet's rolling sync selects none of its applications.

Applications that no step selects are not synchronised at all: with RollingSync nothing else synchronises them.

Fails:

    # set.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: web
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions:
        - missingkey=error
      generators:
        - list:
            elements:
              - environment: dev
              - environment: production
      strategy:
        type: RollingSync
        rollingSync:
          steps:
            - matchExpressions:
                - key: environment
                  operator: In
                  values:
                    - develop
            - matchExpressions:
                - key: environment
                  operator: In
                  values:
                    - production
      template:
        metadata:
          name: web-{{ .environment }}
          labels:
            environment: '{{ .environment }}'
        spec:
          project: default
          source:
            repoURL: https://git.example.com/shop/deploy.git
            targetRevision: main
            path: web
          destination:
            name: in-cluster
            namespace: web-{{ .environment }}
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # set.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: web
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions:
        - missingkey=error
      generators:
        - list:
            elements:
              - environment: dev
              - environment: production
      strategy:
        type: RollingSync
        rollingSync:
          steps:
            - matchExpressions:
                - key: environment
                  operator: In
                  values:
                    - dev
            - matchExpressions:
                - key: environment
                  operator: In
                  values:
                    - production
      template:
        metadata:
          name: web-{{ .environment }}
          labels:
            environment: '{{ .environment }}'
        spec:
          project: default
          source:
            repoURL: https://git.example.com/shop/deploy.git
            targetRevision: main
            path: web
          destination:
            name: in-cluster
            namespace: web-{{ .environment }}
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.expand.generation import GenerationError
from scaffold.expand.selectors import Selector
from scaffold.model import Application, ApplicationSet, Finding, Repository, Severity, dig, mapping, sequence
from scaffold.model.values import is_templated

ID = "idle-rollout-step"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_STEPS = ("spec", "strategy", "rollingSync", "steps")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every step without an application, of sets whose applications are all known, or all their labels."""
    for item in repository.sets:
        steps = sequence(item.manifest.get(*_STEPS))
        whole = item.names and not (item.errors or item.unverifiable)
        if whole or item.drafts:
            labels = [_labels(application) for application in (_made(repository, item) if whole else item.drafts)]
            selects = _selects if whole else _may_select
            for index, step in enumerate(map(mapping, steps)):
                if not any(selects(step, each) for each in labels):
                    fact = f"step {index + 1} of ApplicationSet {item.manifest.name!r} selects none of its applications"
                    message = f"{fact} by {_shown(step)!r}; select by a label that the template gives them"
                    place = item.manifest.place(*_STEPS, index)
                    yield Finding(place, ID, message, SEVERITY, subject=f"{item.manifest.name}/{index}")


def _made(repository: Repository, item: ApplicationSet) -> Iterator[Application]:
    own = (item.manifest.path, item.manifest.document)
    for application in repository.applications:
        if (application.place.path, application.place.document) == own:
            yield application


def _labels(application: Application) -> dict[str, str]:
    return {str(key): str(value) for key, value in mapping(dig(application.data, "metadata", "labels")).items()}


def _selects(step: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    try:
        selector = Selector.of({"matchExpressions": sequence(step.get("matchExpressions"))}) or Selector(())
    except GenerationError:
        return True
    return selector.matches(dict(labels))


def _may_select(step: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Tell whether a step may select one whose values are not known: it has all labels that are asked for."""
    asked = [mapping(each) for each in sequence(step.get("matchExpressions"))]
    wanted = [str(each.get("key")) for each in asked if each.get("operator") in ("In", "Exists")]
    return any(map(is_templated, labels)) or all(key in labels for key in wanted)


def _shown(step: Mapping[str, Any]) -> str:
    """What a step asks for, in words."""
    asked = [mapping(each) for each in sequence(step.get("matchExpressions"))]
    values = [", ".join(map(str, sequence(each.get("values")))) for each in asked]
    return ", ".join(f"{e.get('key')} {e.get('operator')} {text}" for e, text in zip(asked, values, strict=True))
