"""A Kustomization of Flux takes variables from an object that is not there.

A ConfigMap or Secret of `substituteFrom` that is not marked `optional` has to be in the namespace of the Kustomization;
without it nothing is built. Secrets are often made by hand, so one is named only where another one is called nearly so,
or stands in another namespace, from which no annotation of Reflector, Replicator or Config Syncer has it copied.
One that is `optional` is named where it is there as the other kind, or but for a slip: its variables are not set then.

Fails:

    # clusters/production/sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./clusters/production
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
      postBuild:
        substituteFrom:
          - kind: ConfigMap
            name: cluster-vars
    # clusters/production/settings.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: cluster-settings
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
      mode: fast

Passes:

    # clusters/production/sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./clusters/production
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
      postBuild:
        substituteFrom:
          - kind: ConfigMap
            name: cluster-settings
    # clusters/production/settings.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: cluster-settings
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
      mode: fast
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scaffold.assemble.flux import presence, variables
from scaffold.model import Finding, Repository, Severity
from scaffold.model.flux import Reference
from scaffold.nearest import is_kin

ID = "missing-substitution-source"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_MANY = 3


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such object that nothing makes."""
    for known in presence.of(repository):
        for sync in known.cluster.syncs:
            for index, wanted, optional in variables.sources(sync.manifest):
                taken = [each for _, each, _ in variables.sources(sync.manifest)]
                if not (_is_other_kind(known, wanted, taken) if optional else _is_sure(known, wanted)):
                    continue
                name = sync.manifest.name
                fact = f"Kustomization {name!r} takes variables from {wanted}, which is not there"
                fact += ", and does without" if optional else ""
                place = sync.manifest.place("spec", "postBuild", "substituteFrom", index, "name")
                subject = f"{name}/{wanted.kind}/{wanted.name}"
                severity = Severity.WARNING if optional else SEVERITY
                yield Finding(place, ID, f"{fact}; {known.remedy(wanted, sync.manifest)}", severity, subject=subject)


def _is_other_kind(known: presence.Presence, wanted: Reference, taken: Sequence[Reference]) -> bool:
    """Tell whether what may be missing is there as the other kind, from which nothing is taken, or but for a slip."""
    other = wanted._replace(kind="Secret" if wanted.kind == "ConfigMap" else "ConfigMap")
    meant = known.tells(other) and other not in taken
    return wanted.is_literal and not known.has(wanted) and known.is_followed and (meant or known.is_slip(wanted))


def _is_sure(known: presence.Presence, wanted: Reference) -> bool:
    """Tell whether neither a chart, nor a policy, nor a hand is likely to make an object that is not there."""
    alike = known.is_abridged(wanted) or _is_longer(known, wanted) or _is_for(known, wanted)
    if wanted.kind == "ConfigMap" and alike:
        return True
    likely = known.is_near(wanted) or known.is_misplaced(wanted)
    told = wanted.kind != "Secret" and known.is_complete_in(wanted.namespace)
    return known.lacks(wanted) and (likely or told)


def _is_longer(known: presence.Presence, wanted: Reference) -> bool:
    """Tell whether what is not there is called as another one is, with a word more."""
    names = [name for name in known.names(wanted.kind, wanted.namespace) if name in wanted.name]
    return wanted.is_literal and not known.has(wanted) and any(is_kin(name, wanted.name) for name in names)


def _is_for(known: presence.Presence, wanted: Reference) -> bool:
    """Tell whether the one that all others take from there is called alike, but for its first word."""
    taken = [each for sync in known.cluster.syncs for _, each, _ in variables.sources(sync.manifest)]
    there = [each for each in taken if (each.kind, each.namespace) == (wanted.kind, wanted.namespace)]
    others = [each for each in there if each != wanted]
    if not wanted.is_literal or len(others) < _MANY or len(set(others)) > 1 or len(there) > len(others) + 1:
        return False
    rest = wanted.name.partition("-")[2]
    return bool(rest) and rest == others[0].name.partition("-")[2] and known.has(others[0]) and not known.has(wanted)
