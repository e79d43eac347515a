"""An Application patches an object that it does not deploy.

A patch whose target selects nothing is left out without a word. It is looked at where all objects of the Application
are rendered from this repository.

Fails:

    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web
        kustomize:
          patches:
            - target:
                kind: ConfigMap
                name: wbe
              patch: |-
                - op: add
                  path: /data
                  value:
                    LEVEL: debug
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # web/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web
        kustomize:
          patches:
            - target:
                kind: ConfigMap
                name: web
              patch: |-
                - op: add
                  path: /data
                  value:
                    LEVEL: debug
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # web/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scaffold.assemble import deployed
from scaffold.expand.sources import used_sources
from scaffold.model import (
    Application,
    Confidence,
    Finding,
    Place,
    RenderedObject,
    Repository,
    Severity,
    dig,
    mapping,
    sequence,
)
from scaffold.nearest import near

ID = "unmatched-override"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_OTHERS = frozenset(("annotationSelector", "labelSelector", "namespace"))
_RENAMING = frozenset(("namePrefix", "nameSuffix"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every patch that fits nothing, where several applications share it, nothing of any."""
    found: dict[Place, Finding] = {}
    fitting = set()
    for application in repository.applications:
        for pointer, source in used_sources(application.data):
            options = mapping(source.get("kustomize"))
            wanted = options.get("patches") and _RENAMING.isdisjoint(options)
            items = deployed.likely(repository, application) if wanted else None
            for index, patch in enumerate(sequence(options.get("patches"))):
                target, place = mapping(dig(patch, "target")), application.at(*pointer, "kustomize", "patches", index)
                if not items or not _OTHERS.isdisjoint(target) or any(_selects(target, item) for item in items):
                    fitting.add(place)
                else:
                    found.setdefault(place, _finding(application, place, target, items))
    yield from (finding for place, finding in found.items() if place not in fitting)


def _finding(
    application: Application, place: Place, target: Mapping[str, Any], items: Sequence[RenderedObject]
) -> Finding:
    shown = ", ".join(f"{key} {value!r}" for key, value in target.items())
    guess = near(str(target.get("name") or ""), {item.name for item in items if item.kind == target.get("kind")})
    remedy = f"did you mean {guess!r}?" if guess else "mend the target"
    fact = f"application {application.name!r} patches {shown}, and deploys no such object"
    where, subject = place._replace(pointer=(*place.pointer, "target")), f"{application.name}/{shown}"
    return Finding(where, ID, f"{fact}; {remedy}", SEVERITY, Confidence.MEDIUM, subject=subject)


def _selects(target: Mapping[str, Any], item: RenderedObject) -> bool:
    """Each part of a target is a pattern for the whole of what it is about."""
    group, _, version = item.api_version.rpartition("/")
    own = {"group": group, "version": version, "kind": item.kind, "name": item.name}
    try:
        return all(re.fullmatch(str(target[key]), text) for key, text in own.items() if target.get(key))
    except re.error:
        return True
