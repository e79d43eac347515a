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

from scaffold.assemble.flux import makers
from scaffold.expand.flux.substitution import is_name
from scaffold.model import Finding, Manifest, Place, Repository, Severity, Variables, mapping

ID = "invalid-variable-name"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every variable of such a name, those of objects too, where these say it."""
    for overlay in repository.overlays.values():
        sync = makers.sync(repository, overlay)
        if sync and overlay.build and overlay.build.variables:
            yield from _of(sync, overlay.build.variables)


def _of(manifest: Manifest, variables: Variables) -> Iterator[Finding]:
    told = mapping(manifest.get("spec", "postBuild", "substitute"))
    for name in (name for name in variables.values if not is_name(name)):
        fact = f"Kustomization {manifest.name!r} has a variable {name!r}, a name that none may have"
        place = manifest.place("spec", "postBuild", "substitute", name, at_key=True)
        related: tuple[Place, ...] = ()
        if name not in told:
            fact = f"key {name!r} is a variable of Kustomization {manifest.name!r} ({{0}}), a name that none may have"
            taken = manifest.place("spec", "postBuild", "substituteFrom")
            place, related = variables.misnamed.get(name, taken), (taken,)
        message = f"{fact}, so nothing is built; use letters, digits and underscores"
        yield Finding(place, ID, message, subject=f"{manifest.name}/{name}", related=related)
