"""A variable has a name that none may have.

A name is made of letters, digits and underscores, and does not begin with a digit. Another one stops the whole build,
whether it is used or not, also where it is a key of an object that variables are taken from.

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
      postBuild:
        substitute:
          log-level: debug
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
      postBuild:
        substitute:
          log_level: debug
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

from collections.abc import Iterator

from scaffold.expand.flux.substitution import is_name
from scaffold.model import Build, Finding, Manifest, Pointer, Repository, Severity, mapping, sequence

ID = "invalid-variable-name"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every variable of such a name, those of objects too."""
    for overlay in repository.overlays.values():
        if overlay.build and overlay.build.variables:
            yield from _of(overlay.build, overlay.build.variables.values)


def _of(build: Build, names: object) -> Iterator[Finding]:
    manifest = build.manifest
    for name in mapping(names):
        if not is_name(name):
            fact = f"Kustomization {manifest.name!r} has a variable {name!r}, a name that none may have"
            message = f"{fact}, so nothing is built; use letters, digits and underscores"
            pointer = _pointer(manifest, name)
            yield Finding(manifest.place(*pointer, at_key=True), ID, message, subject=f"{manifest.name}/{name}")


def _pointer(manifest: Manifest, name: str) -> Pointer:
    """Where the name stands; where it is a key of an object, which object that is, if there is one only."""
    told = mapping(manifest.get("spec", "postBuild", "substitute"))
    if name in told:
        return ("spec", "postBuild", "substitute", name)
    objects = sequence(manifest.get("spec", "postBuild", "substituteFrom"))
    index: Pointer = (0,) if len(objects) == 1 else ()
    return ("spec", "postBuild", "substituteFrom", *index)
