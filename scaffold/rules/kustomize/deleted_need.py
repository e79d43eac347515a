"""A patch deletes what another object of the overlay still needs.

Kustomize 5.8 takes the one object away and leaves what names it: the pods of an account that is not there are never
made, those of a ConfigMap or a claim wait for it, a route leads nowhere, an autoscaler finds nothing. What another
overlay renders, or a controller makes, is there, but for an overlay of another environment, or one that an Argo CD
deploys to another cluster. A Secret is passed over, as Secrets are made by hand as well.

Fails:

    # base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - all.yaml
    # base/all.yaml
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: web
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      serviceAccountName: web
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
    # staging/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../base
    patches:
      - patch: |
          $patch: delete
          apiVersion: v1
          kind: ServiceAccount
          metadata:
            name: web

Passes:

    # base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - all.yaml
    # base/all.yaml
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: web
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      serviceAccountName: web
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
    # staging/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../base
    patches:
      - patch: |
          $patch: delete
          apiVersion: v1
          kind: ServiceAccount
          metadata:
            name: web
      - patch: |
          $patch: delete
          apiVersion: v1
          kind: Pod
          metadata:
            name: web
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import references
from scaffold.assemble.references import Need
from scaffold.model import Finding, Identity, Manifest, Overlay, Place, Repository, Severity
from scaffold.rules.deleting import deleted

ID = "deleted-need"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_SCALERS = (
    *("autoscaling/HorizontalPodAutoscaler", "autoscaling.k8s.io/VerticalPodAutoscaler"),
    "keda.sh/ScaledObject",
)
_BY_HAND = "/Secret"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every patch that deletes what is needed, once for each overlay."""
    for overlay in repository.overlays.values():
        gone = deleted(repository, overlay)
        made = {identity.name for m in overlay.manifests for identity in references.makes(m)} if gone else set()
        seen = set()
        for manifest, need in _needs(overlay) if gone else ():
            key = need.kind, need.name
            if key in gone and key not in seen and need.kind != _BY_HAND and need.name not in made:
                seen.add(key)
                yield _finding(manifest, need, gone[key])


def _needs(overlay: Overlay) -> Iterator[tuple[Manifest, Need]]:
    yield from ((pod.manifest, need) for pod in overlay.pods for need in references.of_pod(pod))
    yield from ((route, need) for route in overlay.of(*references.ROUTES) for need in references.of_route(route))
    yield from ((scaler, need) for scaler in overlay.of(*_SCALERS) for need in references.of_scaler(scaler))


def _finding(manifest: Manifest, need: Need, place: Place) -> Finding:
    group, _, kind = need.kind.rpartition("/")
    fact = f"patch deletes {kind} {need.name!r}, which {manifest.kind} {manifest.name!r} still needs ({{0}})"
    unless = Identity(group, kind, need.namespace, need.name)
    related = (manifest.place(*need.pointer),)
    message = f"{fact}; delete that too, or keep this"
    return Finding(place, ID, message, SEVERITY, subject=f"{kind}/{need.name}", related=related, unless=unless)
