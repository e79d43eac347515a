"""An object of Flux waits for one that is not there.

A Kustomization or HelmRelease is applied once all that `dependsOn` names is ready. What does not exist is never ready,
so it waits for ever. Without a namespace, one of the same namespace is meant. Where several clusters have the same
file, the message names the one that lacks what another has, and a name that would fit one of them alone is not offered.
Where a script applies a Kustomization that no cluster builds, what that one brings is not known, and nothing is said.

Fails:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: infra
      namespace: flux-system
    spec:
      interval: 10m
      path: ./infra
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    ---
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
      dependsOn:
        - name: infrastructure
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: fast
    # infra/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: infra
      namespace: web
    data:
      mode: fast

Passes:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: infra
      namespace: flux-system
    spec:
      interval: 10m
      path: ./infra
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    ---
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
      dependsOn:
        - name: infra
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: fast
    # infra/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: infra
      namespace: web
    data:
      mode: fast
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.flux import presence
from scaffold.model import Finding, Manifest, Repository, Severity, sequence
from scaffold.model.flux import referred
from scaffold.nearest import near

ID = "undefined-dependency"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_OF_OPERATOR = frozenset(("ResourceSet", "ResourceSetInputProvider"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every dependency that nothing in the cluster makes."""
    for known in presence.of(repository):
        for manifest in known.cluster.of_kinds("Kustomization", "HelmRelease"):
            for index, _ in enumerate(sequence(manifest.get("spec", "dependsOn"))):
                wanted = referred(manifest, "spec", "dependsOn", index, kind=manifest.kind)
                if known.lacks(wanted):
                    fact = f"{manifest.kind} {manifest.name!r} waits for {wanted}, which is not there"
                    message = f"{fact}, so it is never applied; {known.remedy(wanted, manifest)}"
                    place = manifest.place("spec", "dependsOn", index, "name")
                    yield Finding(place, ID, message, subject=f"{manifest.name}/{wanted.name}")
        for manifest in known.cluster.of_kinds("ResourceSet"):
            yield from _of_set(known, manifest)


def _of_set(known: presence.Presence, manifest: Manifest) -> Iterator[Finding]:
    """What flux-operator waits for of its own kinds, where another one is called so, or there in another namespace."""
    for index, _ in enumerate(sequence(manifest.get("spec", "dependsOn"))):
        wanted = referred(manifest, "spec", "dependsOn", index)
        if wanted.kind in _OF_OPERATOR and known.lacks(wanted) and known.is_near(wanted):
            fact = f"ResourceSet {manifest.name!r} waits for {wanted}, which is not there, so it makes nothing"
            place = manifest.place("spec", "dependsOn", index, "name")
            guess = near(wanted.name, known.names(wanted.kind, wanted.namespace))
            remedy = f"did you mean {guess!r}?" if guess else "name the namespace that it is in"
            yield Finding(place, ID, f"{fact}; {remedy}", subject=f"{manifest.name}/{wanted.name}")
