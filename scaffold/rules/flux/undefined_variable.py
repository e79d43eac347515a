"""An object holds a variable that is not set, and nothing else in its place.

Where a Kustomization of Flux has any variable, `${name}` has to be one, or say a default as in `${name:=default}`;
since Flux 2.9 one that is not set stops the whole build, where it was empty before. `$${name}` is the text itself.

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
          stage: production
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: ${stag}

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
          stage: production
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: ${stage}-${region:=anywhere}-$${text}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scaffold.model import Finding, Manifest, Overlay, Place, Pointer, Refusal, Repository, Severity, mapping
from scaffold.nearest import near

ID = "undefined-variable"
SEVERITY = Severity.ERROR
SCOPE = "overlay"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield the first variable of every object that is not set."""
    for overlay in repository.overlays.values():
        for refusal in overlay.refused:
            if refusal.name:
                yield _finding(overlay, refusal)


def _finding(overlay: Overlay, refusal: Refusal) -> Finding:
    manifest = next(manifest for manifest in overlay.manifests if manifest.identity == refusal.identity)
    values = overlay.build.variables.values if overlay.build and overlay.build.variables else {}
    guess = near(refusal.name, values)
    related = tuple(_given(overlay, guess))
    meant = f"{guess!r} ({{0}})" if related else repr(guess)
    remedy = f"did you mean {meant}?" if guess else "set it, or write a default or `$$`"
    subject = f"{manifest.kind} {manifest.name!r}"
    message = f"{subject} holds {refusal.expression}, which is not set, so nothing is built; {remedy}"
    return Finding(place(manifest, refusal), ID, message, subject=refusal.name, related=related)


def _given(overlay: Overlay, name: str) -> Iterator[Place]:
    """Where the Kustomization itself gives a variable."""
    pointer = ("spec", "postBuild", "substitute")
    if name and overlay.build and name in mapping(overlay.build.manifest.get(*pointer)):
        yield overlay.build.manifest.place(*pointer, name, at_key=True)


def place(manifest: Manifest, refusal: Refusal) -> Any:
    """The field that holds the expression; that of the object where it is in a key."""
    found = next(_holding(manifest.data, refusal.expression, ()), ("kind",)) if refusal.expression else ("kind",)
    return manifest.place(*found)


def _holding(value: Any, text: str, pointer: Pointer) -> Iterator[Pointer]:
    if isinstance(value, str):
        if text in value:
            yield pointer
    elif isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from _holding(item, text, (*pointer, key))
