"""An Application patches an object, or sets an image, that it does not deploy.

A patch whose target selects nothing is left out without a word, and so is an image that no container has. Both are
looked at where all objects of the Application are rendered from this repository.

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

from scaffold import schemas
from scaffold.assemble import deployed
from scaffold.expand.sources import used_sources
from scaffold.model import (
    Application,
    Confidence,
    Finding,
    Place,
    Pointer,
    RenderedObject,
    Repository,
    Severity,
    dig,
    mapping,
    sequence,
)
from scaffold.model.images import Image
from scaffold.model.values import is_templated
from scaffold.nearest import near

ID = "unmatched-override"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_OTHERS = frozenset(("annotationSelector", "labelSelector", "namespace"))
_RENAMING = frozenset(("namePrefix", "nameSuffix"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every patch and image that fits nothing, where several applications share it, nothing of any."""
    found: dict[Place, Finding] = {}
    fitting: set[Place] = set()
    for application in repository.applications:
        for pointer, source in used_sources(application.data):
            options = mapping(source.get("kustomize"))
            wanted = options.get("images") or options.get("patches")
            items = deployed.likely(repository, application) if wanted else None
            for place, finding in _images(application, (*pointer, "kustomize"), options, items or []):
                fitting.update(() if finding else (place,))
                found.update({} if finding is None or place in found else {place: finding})
            if not _RENAMING.isdisjoint(options):
                continue
            for index, patch in enumerate(sequence(options.get("patches"))):
                target, place = mapping(dig(patch, "target")), application.at(*pointer, "kustomize", "patches", index)
                if not items or not _OTHERS.isdisjoint(target) or any(_selects(target, item) for item in items):
                    fitting.add(place)
                else:
                    found.setdefault(place, _finding(application, place, target, items))
    yield from (finding for place, finding in found.items() if place not in fitting)


def _images(
    application: Application, where: Pointer, options: Mapping[str, Any], items: Sequence[RenderedObject]
) -> Iterator[tuple[Place, Finding | None]]:
    """The images that are set, with a finding where none of the objects, whose every image is known, has one."""
    known = {image for item in items for image in item.images}
    whole = known and all(schemas.is_builtin(item.identity.group) for item in items)
    for index, text in enumerate(sequence(options.get("images"))):
        place, name = application.at(*where, "images", index), Image.of(str(text).partition("=")[0]).name
        if not whole or name in known or is_templated(name):
            yield place, None
            continue
        guess = near(name, known)
        remedy = f"did you mean {guess!r}?" if guess else "mend the name, or remove the entry"
        fact = f"application {application.name!r} sets image {name!r}, and deploys no container of it"
        subject = f"{application.name}/{name}"
        yield place, Finding(place, ID, f"{fact}; {remedy}", SEVERITY, Confidence.MEDIUM, subject=subject)


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
