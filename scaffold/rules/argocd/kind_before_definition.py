"""A custom resource is applied in an earlier wave than the definition of its kind.

The API server does not know the kind yet and refuses the object, the wave fails, and the wave of the definition is
never reached. Within one wave Argo CD applies definitions first.

Fails:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - widget.yaml
      - definition.yaml
    # widget.yaml
    apiVersion: example.com/v1
    kind: Widget
    metadata:
      name: web
      annotations:
        argocd.argoproj.io/sync-wave: "-1"
    # definition.yaml
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata:
      name: widgets.example.com
    spec:
      group: example.com
      names:
        kind: Widget
        plural: widgets
      scope: Namespaced
      versions:
        - name: v1
          served: true
          storage: true
          schema:
            openAPIV3Schema:
              type: object

Passes:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - widget.yaml
      - definition.yaml
    # widget.yaml
    apiVersion: example.com/v1
    kind: Widget
    metadata:
      name: web
      annotations:
        argocd.argoproj.io/sync-wave: "1"
    # definition.yaml
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata:
      name: widgets.example.com
    spec:
      group: example.com
      names:
        kind: Widget
        plural: widgets
      scope: Namespaced
      versions:
        - name: v1
          served: true
          storage: true
          schema:
            openAPIV3Schema:
              type: object
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.expand import sync_order
from scaffold.model import Finding, How, Manifest, Overlay, Repository, Severity

ID = "kind-before-definition"
SEVERITY = Severity.ERROR
SCOPE = "overlay"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such object of every overlay."""
    for overlay in repository.overlays.values():
        if overlay.how is not How.FLUX:
            yield from _early(overlay, {_defined(item): item for item in overlay.manifests if _is_definition(item)})


def _early(overlay: Overlay, definitions: dict[tuple[str, str], Manifest]) -> Iterator[Finding]:
    helm = overlay.how is How.HELM
    for manifest in overlay.manifests if definitions else ():
        definition = definitions.get((manifest.group, manifest.kind))
        start = sync_order.step(manifest.metadata, helm=helm)
        end = sync_order.step(definition.metadata, helm=helm) if definition else None
        if start and end and start < end:
            fact = f"{manifest.kind} {manifest.name!r} is applied in {start.shown(end)}, before its kind is defined in"
            message = f"{fact} {end.shown(start)}; bring the definition forward, or apply this later"
            yield Finding(manifest.place("kind"), ID, message, subject=f"{manifest.kind}/{manifest.name}")


def _is_definition(manifest: Manifest) -> bool:
    return manifest.kind == "CustomResourceDefinition" and manifest.group == "apiextensions.k8s.io"


def _defined(definition: Manifest) -> tuple[str, str]:
    return str(definition.get("spec", "group")), str(definition.get("spec", "names", "kind"))
