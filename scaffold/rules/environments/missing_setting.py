"""Production lacks a key of a ConfigMap, or a variable of a container, that every environment before it has.

What reads it fails there, or falls back to what nobody chose. With one environment before it, only a key is named that
production spells otherwise.

Fails:

    # web/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - deployment.yaml
    configMapGenerator:
      - name: web
        literals:
          - LEVEL=info
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
    configMapGenerator:
      - name: web
        behavior: merge
        literals:
          - DATABASE=db.example.com
    # web/overlays/production/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    configMapGenerator:
      - name: web
        behavior: merge
        literals:
          - DATABSE=db.example.com

Passes:

    # web/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - deployment.yaml
    configMapGenerator:
      - name: web
        literals:
          - LEVEL=info
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
    configMapGenerator:
      - name: web
        behavior: merge
        literals:
          - DATABASE=db.example.com
    # web/overlays/production/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    configMapGenerator:
      - name: web
        behavior: merge
        literals:
          - DATABASE=db.example.com
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import ranks, siblings
from scaffold.model import Confidence, Finding, Repository, Severity
from scaffold.nearest import misspelled

ID = "missing-setting"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_SEVERAL = 2


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every name that all environments before a production give to one object, and it does not."""
    for line in siblings.lines(repository):
        before, own = [stage.objects() for stage in line.before], line.production.objects()
        for key in own.keys() & set.intersection(*(set(objects) for objects in before)):
            if key[0] == "PrometheusRule":
                continue  # whose alerts differ on purpose
            common = set.intersection(*(set(objects[key].keys) for objects in before))
            extra = set(own[key].keys) - set(before[-1][key].keys)
            for name in sorted(common - set(own[key].keys)):
                guess = misspelled(name, extra)
                if (guess or len(before) >= _SEVERAL) and not _is_of(name, line):
                    yield _finding(repository, line, key, name, guess)


def _is_of(name: str, line: siblings.Line) -> bool:
    """Tell whether a name says which environment it is for, as `application-stg.yaml` does."""
    return ranks.rank(name) in {ranks.rank(stage.environment) for stage in line.before} - {None}


def _finding(repository: Repository, line: siblings.Line, key: tuple[str, str], name: str, guess: str) -> Finding:
    own, other = line.production, line.before[-1].environment
    fact = f"{key[0]} {key[1]!r} has no {name!r} in environment {own.environment!r}, and has it in {other!r}"
    remedy = f"is {guess!r} meant?" if guess else "add it, or leave it out there too"
    patch = siblings.patch(repository, own.overlay, own.objects()[key], "config", "env", "setting")
    place = patch or siblings.place(repository, own.overlay, "configMapGenerator", "patches", "resources", name=key[1])
    return Finding(place, ID, f"{fact}; {remedy}", SEVERITY, Confidence.MEDIUM, subject=f"{'/'.join(key)}/{name}")
