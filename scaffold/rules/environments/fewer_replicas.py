"""A workload has fewer replicas in production than in the environment before it.

Nobody tries out with more than production has: the number was set for the wrong environment, or production's patch is
missing. Workloads that an autoscaler scales are left out.

Fails:

    # web/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - deployment.yaml
    # web/base/deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 1
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
              image: registry.example.com/shop/web:1.4.2
    # web/overlays/staging/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    replicas:
      - name: web
        count: 3
    # web/overlays/production/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    replicas:
      - name: web
        count: 2

Passes:

    # web/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - deployment.yaml
    # web/base/deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 1
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
              image: registry.example.com/shop/web:1.4.2
    # web/overlays/staging/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    replicas:
      - name: web
        count: 3
    # web/overlays/production/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    replicas:
      - name: web
        count: 4
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import siblings
from scaffold.model import Confidence, Finding, Overlay, Place, RenderedObject, Repository, Severity

ID = "fewer-replicas"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_FIELDS = ("replicas", "patches", "resources")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every workload that the nearest environment before a production has more of."""
    for line in siblings.lines(repository):
        before, production = line.before[-1], line.production
        earlier, scaled = before.objects(), _scaled(production.overlay) | _scaled(before.overlay)
        for key, item in production.objects().items():
            other = earlier.get(key)
            if other and _few(item, other) and scaled.isdisjoint(f"{each.kind}/{each.name}" for each in (item, other)):
                own = (
                    f"{item.kind} {item.name!r} has replicas {item.replicas} in environment {production.environment!r}"
                )
                message = f"{own} and {other.replicas} in {before.environment!r}; give production as many"
                place = _place(repository, production.overlay, before.overlay, item)
                yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject="/".join(key))


def _place(repository: Repository, overlay: Overlay, before: Overlay, item: RenderedObject) -> Place:
    """Where production says its own number, or would; of several files, builds tell which one does."""
    patch = siblings.patch(repository, overlay, item, "replica")
    if len(set(_own(repository, overlay, before, item))) > 1 and repository.overlays.get(overlay.name) is overlay:
        return Place("", pointer=("spec", "replicas"), overlay=overlay.name or ".", identity=item.identity)
    if patch:
        return patch._replace(pointer=("spec", "replicas"))
    return siblings.place(repository, overlay, *_FIELDS, name=item.name)


def _own(repository: Repository, overlay: Overlay, before: Overlay, item: RenderedObject) -> Iterator[str]:
    """The files about an object that are production's alone."""
    for path in set(overlay.reads).difference(before.reads) & repository.files.keys():
        if any(head.kind == item.kind and head.name in item.name for head in repository.files[path].heads):
            yield path


def _few(item: RenderedObject, other: RenderedObject) -> bool:
    """Tell whether there are fewer; none at all are switched off on purpose."""
    return bool(item.replicas and other.replicas and item.replicas < other.replicas)


def _scaled(overlay: Overlay) -> set[str]:
    return {item.scales for item in overlay.objects}
