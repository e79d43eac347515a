"""A container may use less in production than in the environment before it.

What fits there is stopped or slowed down in production, where more is asked of it: the limit was set for the wrong
environment, or production's patch is missing. Limits are compared of containers with the same name.

Fails:

    # web/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - web.yaml
    # web/base/web.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.0.0
              resources:
                limits:
                  memory: 256Mi
    # web/overlays/production/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    patches:
      - path: limits.yaml
    # web/overlays/production/limits.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      template:
        spec:
          containers:
            - name: web
              resources:
                limits:
                  memory: 128Mi
    # web/overlays/staging/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base

Passes:

    # web/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - web.yaml
    # web/base/web.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.0.0
              resources:
                limits:
                  memory: 256Mi
    # web/overlays/production/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    patches:
      - path: limits.yaml
    # web/overlays/production/limits.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      template:
        spec:
          containers:
            - name: web
              resources:
                limits:
                  memory: 512Mi
    # web/overlays/staging/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from scaffold.assemble import siblings
from scaffold.model import (
    Confidence,
    Finding,
    Limit,
    Overlay,
    Place,
    RenderedObject,
    Repository,
    Severity,
    mapping,
    quantity,
    sequence,
)
from scaffold.model.values import text

ID = "lower-limit"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_CALLED = re.compile("limit|resource")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every limit of a production that is below that of the nearest environment before it."""
    for line in siblings.lines(repository):
        before, production = line.before[-1], line.production
        earlier = before.objects()
        for key, item in production.objects().items():
            told, there = _limits(item), _limits(earlier.get(key))
            for what in (what for what in told if what in there and _is_lower(told[what].amount, there[what].amount)):
                (container, _, resource), limit = what.partition("/"), told[what]
                own = f"{item.kind} {item.name!r}, container {container!r} has a limit of {limit.amount} {resource}"
                fact = f"{own} in environment {production.environment!r}, and of {there[what].amount} in"
                message = f"{fact} {before.environment!r}; give production as much"
                place = _place(repository, production.overlay, item, limit)
                subject = f"{'/'.join(key)}/{what}"
                yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject)


def _limits(item: RenderedObject | None) -> Mapping[str, Limit]:
    return {each.what: each for each in (item.limits if item else ())}


def _is_lower(one: str, other: str) -> bool:
    less, more = quantity(one), quantity(other)
    return less is not None and more is not None and less < more


def _place(repository: Repository, overlay: Overlay, item: RenderedObject, limit: Limit) -> Place:
    """Where the overlay itself says so: in a patch of operations, or in its own file for the workload."""
    operated = next(_operations(repository, overlay, item), None)
    if operated:
        return operated
    containers = {told.what.partition("/")[0] for told in item.limits}
    # Which of several containers of a patch one is, only its content tells, which is not kept.
    within = (0, *limit.pointer[-3:]) if len(containers) == 1 else ()
    for path in overlay.reads:
        file = repository.files.get(path) if path.rpartition("/")[0] == overlay.path else None
        for head in file.heads if file else ():
            if (head.kind, head.name) == (item.kind, item.name):
                return Place(path, head.document, (*limit.pointer[:-4], *within))
    return siblings.place(repository, overlay, "patches", "resources")


def _operations(repository: Repository, overlay: Overlay, item: RenderedObject) -> Iterator[Place]:
    """The patches of operations on what a workload may use, in the kustomization or in a file that is called so."""
    own = repository.kustomizations.get(overlay.path)
    for field in ("patches", "patchesJson6902") if own else ():
        assert own
        for index, entry in enumerate(map(mapping, sequence(own.manifest.get(field)))):
            target, path = mapping(entry.get("target")), text(entry.get("path"))
            file = repository.files.get(posixpath.normpath(posixpath.join(overlay.path, path)))
            if target.get("kind") != item.kind or target.get("name", item.name) != item.name:
                continue
            if "/resources" in text(entry.get("patch")):
                yield own.place(field, index, "patch")
            elif file and not file.heads and _CALLED.search(posixpath.basename(file.path)):
                yield Place(file.path)
