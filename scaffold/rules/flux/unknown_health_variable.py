"""A health check's expression reads a variable that there is none of.

It knows the fields of the object by themselves: `metadata`, `spec` and `status`, and no `object` or `self` that they
are in, as the expressions of Kubernetes do. It fails when it is evaluated, and the Kustomization with it.

Fails:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
      healthCheckExprs:
        - apiVersion: example.com/v1
          kind: Queue
          current: object.status.phase == 'Ready'
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: fast

Passes:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
      healthCheckExprs:
        - apiVersion: example.com/v1
          kind: Queue
          current: status.phase == 'Ready'
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: fast
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity, mapping, sequence

ID = "unknown-health-variable"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_FIELDS = ("current", "inProgress", "failed")
_TEXT = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*[\"]""")
_OUTER = re.compile(r"(?<![\w.])(object|self)(?=\s*[.\[])")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such expression of a cluster's Kustomizations and releases."""
    for cluster in repository.flux:
        for manifest in cluster.of_kinds("Kustomization", "HelmRelease"):
            for index, entry in enumerate(map(mapping, sequence(manifest.get("spec", "healthCheckExprs")))):
                for field in _FIELDS:
                    if name := _outer(entry.get(field)):
                        fact = (
                            f"{manifest.kind} {manifest.name!r} reads {name!r} in a health check, which is no variable"
                        )
                        place = manifest.place("spec", "healthCheckExprs", index, field)
                        message = f"{fact}; did you mean the field without '{name}.'?"
                        yield Finding(place, ID, message, subject=f"{manifest.name}/{index}/{field}")


def _outer(expression: object) -> str:
    """The name of such a variable that no macro of the expression declares."""
    bare = _TEXT.sub("''", expression) if isinstance(expression, str) else ""
    names = (found[1] for found in _OUTER.finditer(bare))
    return next((name for name in names if not re.search(rf"\(\s*{name}\s*,", bare)), "")
