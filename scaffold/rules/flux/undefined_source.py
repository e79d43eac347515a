"""An object of Flux takes what it builds from a source that is not there.

A Kustomization, a HelmRelease, a HelmChart and an ImageUpdateAutomation name their source by kind and name, and by
namespace where that is another one. The source that a cluster begins with may come from its bootstrap, so that one need
not be in the files; nor need any where a script applies a Kustomization beside what a cluster begins with.

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
from scaffold.model import Finding, Manifest, Pointer, Repository, Severity, sequence
from scaffold.model.flux import Reference, referred
from scaffold.rules.spared import spare

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
        uses += [(m, at) for m in known.cluster.of_kinds("GitRepository") for at in _included(m)]
        named = frozenset(referred(manifest, *pointer) for manifest, pointer in uses)
        for manifest, pointer in uses:
            yield from _missing(known, manifest, pointer, named)


def _included(manifest: Manifest) -> Iterator[Pointer]:
    """The GitRepositories of its own namespace whose files one takes into its artifact."""
    for index, _ in enumerate(sequence(manifest.get("spec", "include"))):
        yield "spec", "include", index, "repository"


def _missing(
    known: presence.Presence, manifest: Manifest, pointer: Pointer, named: Container[Reference]
) -> Iterator[Finding]:
    wanted = referred(manifest, *pointer, kind="GitRepository" if "include" in pointer else "")
    if not wanted.kind or wanted == known.cluster.source:
        return
    meant = "" if known.cluster.syncs else spare(known, wanted, named)  # in a part of one, what is near is enough
    if not (meant or known.lacks(wanted) or known.is_nowhere(wanted)):
        return
    remedy = f"did you mean {meant!r}?" if meant else known.remedy(wanted, manifest)
    message = f"{manifest.kind} {manifest.name!r} has the source {wanted}, which is not there; {remedy}"
    yield Finding(manifest.place(*pointer, "name"), ID, message, subject=f"{manifest.name}/{wanted.name}")
