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
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.assemble import deployed
from scaffold.expand.sources import used_sources
from scaffold.model import Confidence, Finding, Pointer, RenderedObject, Repository, Severity, dig, mapping, sequence
from scaffold.nearest import near

ID = "unmatched-override"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_OTHERS = frozenset(("annotationSelector", "labelSelector", "namespace"))
_RENAMING = frozenset(("namePrefix", "nameSuffix"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every patch that fits nothing; a generator's applications share one place."""
    seen = set()
    for application in repository.applications:
        for pointer, source in used_sources(application.data):
            options = mapping(source.get("kustomize"))
            wanted = options.get("patches") and _RENAMING.isdisjoint(options)
            items = deployed.likely(repository, application) if wanted else None
            for where, fact in _patches(options, items) if items else ():
                place = application.at(*pointer, "kustomize", *where)
                if place not in seen:
                    seen.add(place)
                    message = f"application {application.name!r} {fact}"
                    subject = f"{application.name}/{fact}"
                    yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject=subject)


def _patches(options: Mapping[str, Any], items: list[RenderedObject]) -> Iterator[tuple[Pointer, str]]:
    for index, patch in enumerate(sequence(options.get("patches"))):
        target = mapping(dig(patch, "target"))
        if _OTHERS.isdisjoint(target) and not any(_selects(target, item) for item in items):
            shown = ", ".join(f"{key} {value!r}" for key, value in target.items())
            guess = near(
                str(target.get("name") or ""), {item.name for item in items if item.kind == target.get("kind")}
            )
            remedy = f"did you mean {guess!r}?" if guess else "mend the target"
            yield ("patches", index, "target"), f"patches {shown}, and deploys no such object; {remedy}"


def _selects(target: Mapping[str, Any], item: RenderedObject) -> bool:
    """Each part of a target is a pattern for the whole of what it is about."""
    group, _, version = item.api_version.rpartition("/")
    own = {"group": group, "version": version, "kind": item.kind, "name": item.name}
    try:
        return all(re.fullmatch(str(target[key]), text) for key, text in own.items() if target.get(key))
    except re.error:
        return True
