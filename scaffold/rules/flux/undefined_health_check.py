"""A Kustomization of Flux waits for the health of an object that is not there.

An object of `healthChecks` may be applied by anybody, but somebody has to: what does not come before the timeout makes
the Kustomization fail, and what depends on it wait. What is called after a custom resource in its namespace, as
Deployment `vmagent-web` after VMAgent `web`, an operator may make.

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
      healthChecks:
        - apiVersion: helm.toolkit.fluxcd.io/v2
          kind: HelmRelease
          name: website
          namespace: web
    # apps/release.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: OCIRepository
    metadata:
      name: web
      namespace: web
    spec:
      interval: 1h
      url: oci://registry.example.com/charts/web
      ref:
        tag: 1.2.3
    ---
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: web
      namespace: web
    spec:
      interval: 10m
      chartRef:
        kind: OCIRepository
        name: web

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
      healthChecks:
        - apiVersion: helm.toolkit.fluxcd.io/v2
          kind: HelmRelease
          name: web
          namespace: web
    # apps/release.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: OCIRepository
    metadata:
      name: web
      namespace: web
    spec:
      interval: 1h
      url: oci://registry.example.com/charts/web
      ref:
        tag: 1.2.3
    ---
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: web
      namespace: web
    spec:
      interval: 10m
      chartRef:
        kind: OCIRepository
        name: web
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold import schemas
from scaffold.assemble.flux import presence
from scaffold.model import Finding, Manifest, Repository, Severity, dig, group_of, sequence
from scaffold.model.flux import Reference, is_flux, referred
from scaffold.model.values import text
from scaffold.nearest import slipped

ID = "undefined-health-check"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_CHARTED = "FluxInstance"  # of Flux, and yet most are made by the chart of that name


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every object that is waited for and that neither files nor a chart can make."""
    for known in presence.of(repository):
        for manifest in known.cluster.of_kinds("Kustomization"):
            if manifest.get("spec", "wait") is True:
                continue
            for index, item in enumerate(sequence(manifest.get("spec", "healthChecks"))):
                wanted = referred(manifest, "spec", "healthChecks", index)
                wrong = list(_of_no_kind(manifest, index, group_of(text(dig(item, "apiVersion"))), wanted.kind))
                yield from wrong
                if not wrong and _is_sure(known, wanted, group_of(text(dig(item, "apiVersion")))):
                    fact = f"Kustomization {manifest.name!r} waits for the health of {wanted}, which is not there"
                    place = manifest.place("spec", "healthChecks", index, "name")
                    subject = f"{manifest.name}/{wanted.kind}/{wanted.name}"
                    yield Finding(place, ID, f"{fact}; {known.remedy(wanted, manifest)}", subject=subject)


def _is_sure(known: presence.Presence, wanted: Reference, group: str) -> bool:
    """Tell whether neither a chart nor an operator can make what is not there, or another is called nearly so."""
    own = not (schemas.is_builtin(group) or is_flux(group))
    abridged = known.is_abridged(wanted) and not known.may_be_made(wanted)
    if own and (abridged or known.is_lengthened(wanted)):
        return True
    if not known.lacks(wanted):
        return False
    if known.is_near(wanted) or (is_flux(group) and wanted.kind != _CHARTED):
        return True
    here = bool(wanted.namespace) and known.is_complete_in(wanted.namespace)
    return (here or known.is_complete) and not known.may_be_made(wanted)


def _of_no_kind(manifest: Manifest, index: int, group: str, kind: str) -> Iterator[Finding]:
    """A kind that its group does not have, and that is called nearly as one that it has."""
    guess = slipped(kind, schemas.kinds_of(group))
    if guess and group not in schemas.groups(kind):
        fact = f"Kustomization {manifest.name!r} waits for the health of a {kind}, which group {group!r} does not have"
        place = manifest.place("spec", "healthChecks", index, "kind")
        yield Finding(place, ID, f"{fact}; did you mean {guess!r}?", subject=f"{manifest.name}/{kind}")
