"""A Kustomization of Flux sets replicas that an autoscaler sets too.

The autoscaler changes `spec.replicas`; at every interval kustomize-controller finds that it differs from Git and sets
it back (1.9), so that pods go and come again. Leave the field out of the manifest, or name `/spec/replicas` in
`spec.ignore` of the Kustomization, which Flux has since 2.9. Objects that Flux does not change once they are there
(`kustomize.toolkit.fluxcd.io/ssa: IfNotPresent`) are left out, and so is what has no replicas while
HorizontalPodAutoscalers rest.

Fails:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: payments
      namespace: flux-system
    spec:
      interval: 10m
      path: ./payments
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # payments/deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
      namespace: payments
    spec:
      replicas: 2
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/checkout/payments:1.4.2
    # payments/hpa.yaml
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: web
      namespace: payments
    spec:
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: web
      minReplicas: 2
      maxReplicas: 6

Passes:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: payments
      namespace: flux-system
    spec:
      interval: 10m
      path: ./payments
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # payments/deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
      namespace: payments
    spec:
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/checkout/payments:1.4.2
    # payments/hpa.yaml
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: web
      namespace: payments
    spec:
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: web
      minReplicas: 2
      maxReplicas: 6
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import scaling
from scaffold.assemble.flux import drift_rules
from scaffold.model import Finding, Manifest, Overlay, Repository, Severity, mapping

ID = "reset-replicas"
SEVERITY = Severity.WARNING
SCOPE = "overlay"
_GROUP = "kustomize.toolkit.fluxcd.io"
_LEFT_ALONE = {f"{_GROUP}/ssa": ("IfNotPresent", "Ignore"), f"{_GROUP}/reconcile": ("disabled",)}
_FIELD = ("spec", "replicas")
_COVERING = frozenset(("/spec/replicas", "/spec"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every workload with a number of its own whose autoscaler the same Kustomization applies."""
    for overlay in repository.overlays.values():
        sync = overlay.build.manifest if overlay.build and not overlay.partial else None
        if sync and sync.get("spec", "suspend") is not True:
            yield from _of_sync(sync, overlay)


def _of_sync(sync: Manifest, overlay: Overlay) -> Iterator[Finding]:
    scalers = {(m.namespace, scaled): m for m in overlay.manifests if (scaled := scaling.scaled(m))}
    for manifest in overlay.manifests if scalers else ():
        scaler = scalers.get((manifest.namespace, f"{manifest.kind}/{manifest.name}"))
        number = manifest.get(*_FIELD)
        if scaler and scaling.is_changed(number, scaler.kind) and not _is_left_alone(sync, manifest):
            fact = f"Kustomization {sync.name!r} resets replicas of {manifest.kind} {manifest.name!r} to {number}"
            message = f"{fact} whenever {scaler.kind} {scaler.name!r} changes them; remove replicas, or ignore them"
            yield Finding(manifest.place(*_FIELD), ID, message, SEVERITY, related=(scaler.place("spec"),))


def _is_left_alone(sync: Manifest, manifest: Manifest) -> bool:
    """Tell whether Flux does not change the field, or the object, once it is there."""
    notes = {
        **mapping(manifest.metadata.get("annotations")),
        **mapping(sync.get("spec", "commonMetadata", "annotations")),
    }
    rules = (target for target, paths in drift_rules.of(sync) if not _COVERING.isdisjoint(paths))
    return any(notes.get(key) in values for key, values in _LEFT_ALONE.items()) or any(
        drift_rules.selects(target, manifest) for target in rules
    )
