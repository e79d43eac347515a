"""A HelmRelease takes values from an object that is not there.

A ConfigMap or Secret of `valuesFrom` that is not marked `optional` has to be in the namespace of the HelmRelease;
without it the chart is not installed. A chart or a hand may make such objects, so one is named only where another one
is called nearly so, where it is a ConfigMap and no other chart is released to its namespace, or another namespace has
it and no policy copies it, or where the files beside the release generate one for it that it does not name.

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
        name: web
      valuesFrom:
        - kind: ConfigMap
          name: web-value
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web-values
      namespace: web
    data:
      values.yaml: ''

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
      valuesFrom:
        - kind: ConfigMap
          name: web-values
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web-values
      namespace: web
    data:
      values.yaml: ''
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.flux import presence
from scaffold.assemble.references import unhashed
from scaffold.model import Finding, Manifest, Repository, Severity, dig, sequence
from scaffold.model.flux import Reference, referred
from scaffold.rules.spared import spare

ID = "undefined-values-source"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_NAMED = "add a nameReference for spec/valuesFrom/name to its configurations, or set disableNameSuffixHash"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such object that nothing makes; another release may make one that nothing is called like."""
    for known in presence.of(repository):
        named = frozenset(_named(known))
        for manifest in known.cluster.of_kinds("HelmRelease"):
            for index, item in enumerate(sequence(manifest.get("spec", "valuesFrom"))):
                wanted = referred(manifest, "spec", "valuesFrom", index)
                if dig(item, "optional") is True or not wanted.is_literal:
                    continue
                if hashed := _hashed(known, manifest, wanted):
                    fact = f"HelmRelease {manifest.name!r} takes values from {wanted}, which kustomize calls {hashed!r}"
                    place = manifest.place("spec", "valuesFrom", index, "name")
                    message = f"{fact}; {_NAMED}"
                    yield Finding(place, ID, message, subject=f"{manifest.name}/{wanted.name}")
                    continue
                if known.tells(wanted):
                    continue
                own = Reference("HelmRelease", manifest.namespace, manifest.name)
                sure = known.is_complete_in(wanted.namespace, own) or known.is_misplaced(wanted)
                sure = sure and wanted.kind == "ConfigMap"
                idle = _idle(known, manifest) or spare(known, wanted, named) if wanted.kind == "ConfigMap" else ""
                if not idle and not (known.lacks(wanted) and (sure or known.is_near(wanted))):
                    continue
                fact = f"HelmRelease {manifest.name!r} takes values from {wanted}, which is not there"
                remedy = f"did you mean {idle!r}?" if idle else known.remedy(wanted, manifest)
                place = manifest.place("spec", "valuesFrom", index, "name")
                yield Finding(place, ID, f"{fact}; {remedy}", subject=f"{manifest.name}/{wanted.name}")


def _hashed(known: presence.Presence, manifest: Manifest, wanted: Reference) -> str:
    """The name with a hash that the build which made a release gave to what the release calls without one."""
    overlay = next((o for o in known.overlays if manifest.overlay and o.name == manifest.overlay), None)
    names = [item.name for item in overlay.objects if item.kind == wanted.kind] if overlay else []
    made = (name for name in names if name != wanted.name == unhashed(name))
    return "" if wanted.name in names else next(made, "")


def _named(known: presence.Presence) -> Iterator[Reference]:
    """All that releases take values from."""
    for manifest in known.cluster.of_kinds("HelmRelease"):
        for index, _ in enumerate(sequence(manifest.get("spec", "valuesFrom"))):
            yield referred(manifest, "spec", "valuesFrom", index)


def _idle(known: presence.Presence, manifest: Manifest) -> str:
    """The ConfigMap that the files of the only release of an overlay generate, by a name that nobody else can know.

    Kustomize ends the name with a hash, which it tells those alone that refer to it.
    """
    for overlay in (o for o in known.overlays if manifest.path in o.reads and not (o.error or o.skipped)):
        releases = [item for item in overlay.objects if item.kind == "HelmRelease"]
        hashed = [item for item in overlay.objects if item.kind == "ConfigMap" and unhashed(item.name) != item.name]
        told = {unhashed(item.name) for item in hashed}
        named = {unhashed(str(dig(item, "name"))) for item in sequence(manifest.get("spec", "valuesFrom"))}
        if len(releases) == 1 and len(told) == 1 and told.isdisjoint(named) and "values.yaml" in hashed[0].keys:
            return told.pop()
    return ""
