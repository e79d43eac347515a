"""A Kustomization needs an object that nothing but itself applies.

It reads its variables from it, acts as it, or decrypts with it before it applies anything. So a new cluster waits
without end, until somebody makes the object by hand. What begins a cluster is often helped so, and is left out.

Fails:

    # clusters/main/sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./clusters/main
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # clusters/main/apps.yaml
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
        substituteFrom:
          - kind: ConfigMap
            name: settings
    # apps/settings.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
      namespace: flux-system
    data:
      domain: example.com
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      host: web.${domain}

Passes:

    # clusters/main/sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./clusters/main
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # clusters/main/apps.yaml
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
        substituteFrom:
          - kind: ConfigMap
            name: settings
    # clusters/main/settings.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
      namespace: flux-system
    data:
      domain: example.com
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      host: web.${domain}
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.flux import presence, variables
from scaffold.model import Confidence, Finding, Overlay, Pointer, Repository, Severity, Sync
from scaffold.model.flux import SYNC, Reference
from scaffold.model.values import text

ID = "self-made-need"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_NEEDS: dict[str, tuple[Pointer, str]] = {
    "ServiceAccount": (("spec", "serviceAccountName"), "acts as"),
    "Secret": (("spec", "decryption", "secretRef", "name"), "decrypts with"),
}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such need of a Kustomization that another one applies, where all of the cluster is built."""
    for known in presence.of(repository):
        built = {overlay.name: overlay for overlay in known.overlays}
        for sync in known.cluster.syncs if known.is_followed else ():
            own = built.get(sync.overlay)
            others = [overlay for overlay in built.values() if overlay is not own]
            if not own or not _makes(others, _identity(sync)) or _makes([own], _identity(sync)):
                continue
            for pointer, fact, wanted in _needs(sync):
                if wanted.is_literal and _makes([own], wanted) and not _makes(others, wanted):
                    said = f"Kustomization {sync.manifest.name!r} {fact} {wanted}, which it alone applies"
                    message = f"{said}, so that a new cluster waits without end; let another one apply it first"
                    place, subject = sync.manifest.place(*pointer), f"{sync.manifest.name}/{wanted.kind}/{wanted.name}"
                    yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject)


def _identity(sync: Sync) -> Reference:
    return Reference(SYNC[1], sync.manifest.namespace, sync.manifest.name)


def _makes(overlays: list[Overlay], wanted: Reference) -> bool:
    """Tell whether one of some builds has an object, or one that may be it."""
    groups = (SYNC[0],) if wanted.kind == SYNC[1] else ("",)
    return any(
        item.kind == wanted.kind
        and item.identity.group in groups
        and (item.namespace in ("", wanted.namespace) or "${" in item.namespace)
        and (item.name == wanted.name or presence.may_become(item.name, wanted.name))
        for overlay in overlays
        for item in overlay.objects
    )


def _needs(sync: Sync) -> Iterator[tuple[Pointer, str, Reference]]:
    """What a Kustomization needs before it applies anything; what is optional is none."""
    for index, wanted, optional in variables.sources(sync.manifest):
        if not optional:
            yield ("spec", "postBuild", "substituteFrom", index, "name"), "takes variables from", wanted
    for kind, (pointer, fact) in _NEEDS.items():
        yield pointer, fact, Reference(kind, sync.manifest.namespace, text(sync.manifest.get(*pointer)))
