"""A ResourceSet takes its inputs from a provider that is not there, or from none.

A provider is one of its own namespace. Without the one that is named the ResourceSet fails, and without any that a
selector fits it makes nothing, and removes what it made before.

Fails:

    # tenants/all.yaml
    apiVersion: fluxcd.controlplane.io/v1
    kind: ResourceSetInputProvider
    metadata:
      name: regions
      namespace: tenants
      labels:
        product: shop
    spec:
      type: Static
      defaultValues:
        region: north
    ---
    apiVersion: fluxcd.controlplane.io/v1
    kind: ResourceSet
    metadata:
      name: shop
      namespace: tenants
    spec:
      inputsFrom:
        - kind: ResourceSetInputProvider
          name: region
      resources:
        - apiVersion: v1
          kind: ConfigMap
          metadata:
            name: shop-<< inputs.region >>
            namespace: tenants

Passes:

    # tenants/all.yaml
    apiVersion: fluxcd.controlplane.io/v1
    kind: ResourceSetInputProvider
    metadata:
      name: regions
      namespace: tenants
      labels:
        product: shop
    spec:
      type: Static
      defaultValues:
        region: north
    ---
    apiVersion: fluxcd.controlplane.io/v1
    kind: ResourceSet
    metadata:
      name: shop
      namespace: tenants
    spec:
      inputsFrom:
        - kind: ResourceSetInputProvider
          name: regions
      resources:
        - apiVersion: v1
          kind: ConfigMap
          metadata:
            name: shop-<< inputs.region >>
            namespace: tenants
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.flux import presence
from scaffold.model import Finding, Manifest, Place, Repository, Severity, dig, mapping, sequence
from scaffold.model.flux import Reference
from scaffold.model.values import text

ID = "undefined-input-provider"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_KIND = "ResourceSetInputProvider"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such reference; a ResourceSet may make providers, so that a name has to be nearly another one."""
    for known in presence.of(repository):
        for manifest in known.cluster.of_kinds("ResourceSet"):
            for index, entry in enumerate(sequence(manifest.get("spec", "inputsFrom"))):
                wanted = Reference(_KIND, manifest.namespace, text(dig(entry, "name")))
                if known.lacks(wanted) and known.is_near(wanted):
                    fact = f"ResourceSet {manifest.name!r} takes inputs from {wanted}, which is not there"
                    place = manifest.place("spec", "inputsFrom", index, "name")
                    subject = f"{manifest.name}/{wanted.name}"
                    yield Finding(place, ID, f"{fact}; {known.remedy(wanted, manifest)}", SEVERITY, subject=subject)
                labels = mapping(dig(entry, "selector", "matchLabels"))
                place = manifest.place("spec", "inputsFrom", index, "selector")
                yield from _selecting(known, manifest, {str(k): str(v) for k, v in labels.items()}, place)


def _selecting(known: presence.Presence, manifest: Manifest, labels: dict[str, str], place: Place) -> Iterator[Finding]:
    """What is selected of the providers of a namespace, where files tell all of them and their labels."""
    there = [m for m in known.cluster.of_kinds(_KIND) if m.namespace in ("", manifest.namespace)]
    sets = [*known.cluster.of_kinds("ResourceSet")]
    if not (labels and there and _is_built(known)) or any(_KIND in str(_made(each)) for each in sets):
        return
    if "${" in str([labels, *(m.metadata for m in there)]):
        return
    if not any(labels.items() <= mapping(m.metadata.get("labels")).items() for m in there):
        told = ", ".join(f"{key}: {value}" for key, value in labels.items())
        fact = f"ResourceSet {manifest.name!r} selects inputs by label {told!r}, which no provider of its namespace has"
        subject = f"{manifest.name}/{told}"
        yield Finding(place, ID, f"{fact}; mend the label", Severity.WARNING, subject=subject)


def _is_built(known: presence.Presence) -> bool:
    """Tell whether every Kustomization of a cluster was built, so that files tell all providers."""
    here = [sync.here for sync in known.cluster.syncs]
    return bool(here) and all(here) and not any(overlay.error or overlay.skipped for overlay in known.overlays)


def _made(manifest: Manifest) -> list[object]:
    return [manifest.get("spec", field) for field in ("resources", "resourcesTemplate", "steps")]
