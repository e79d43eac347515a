"""An object of Flux takes what it builds from a source that is not there.

A Kustomization, a HelmRelease, a HelmChart and an ImageUpdateAutomation name their source by kind and name, and by
namespace where that is another one. The source that a cluster begins with may come from its bootstrap, so that one need
not be in the files.

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
        name: website

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

from collections.abc import Container, Iterator

from scaffold.assemble.flux import presence
from scaffold.model import Finding, Manifest, Pointer, Repository, Severity
from scaffold.model.flux import Reference, referred
from scaffold.nearest import is_kin

ID = "undefined-source"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_POINTERS: dict[str, tuple[Pointer, ...]] = {
    "Kustomization": (("spec", "sourceRef"),),
    "HelmRelease": (("spec", "chart", "spec", "sourceRef"), ("spec", "chartRef")),
    "HelmChart": (("spec", "sourceRef"),),
    "ImageUpdateAutomation": (("spec", "sourceRef"),),
}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every reference to a source that nothing in the cluster makes."""
    for known in presence.of(repository):
        uses = [(m, pointer) for m in known.cluster.of_kinds(*_POINTERS) for pointer in _POINTERS[m.kind]]
        named = frozenset(referred(manifest, *pointer) for manifest, pointer in uses)
        for manifest, pointer in uses:
            yield from _missing(known, manifest, pointer, named)


def _missing(
    known: presence.Presence, manifest: Manifest, pointer: Pointer, named: Container[Reference]
) -> Iterator[Finding]:
    wanted = referred(manifest, *pointer)
    if not wanted.kind or wanted == known.cluster.source:
        return
    spare = _spare(known, wanted, named)
    if not (spare or known.lacks(wanted) or known.is_nowhere(wanted)):
        return
    remedy = f"did you mean {spare!r}?" if spare else known.remedy(wanted)
    message = f"{manifest.kind} {manifest.name!r} has the source {wanted}, which is not there; {remedy}"
    yield Finding(manifest.place(*pointer, "name"), ID, message, subject=f"{manifest.name}/{wanted.name}")


def _spare(known: presence.Presence, wanted: Reference, named: Container[Reference]) -> str:
    """The only source of a part of a cluster that nothing names, and that is called as is asked for but for a word."""
    if known.cluster.syncs or known.has(wanted) or not wanted.is_literal:
        return ""
    names = known.names(wanted.kind, wanted.namespace)
    akin = [n for n in names if is_kin(n, wanted.name) and Reference(wanted.kind, wanted.namespace, n) not in named]
    return akin[0] if len(akin) == 1 else ""
