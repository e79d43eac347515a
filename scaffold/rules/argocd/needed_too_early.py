"""A hook or a workload is started before an object that its pods need.

Argo CD goes from phase to phase and from wave to wave, and waits until what it applied is healthy. Pods whose service
account, config map, secret or claim comes later never start, so that the first sync never gets there.

Fails:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - job.yaml
      - account.yaml
    # job.yaml
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: migrate
      annotations:
        argocd.argoproj.io/hook: PreSync
    spec:
      template:
        spec:
          serviceAccountName: migrate
          restartPolicy: Never
          containers:
            - name: migrate
              image: registry.example.com/checkout/payments:1.4.2
    # account.yaml
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: migrate

Passes:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - job.yaml
      - account.yaml
    # job.yaml
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: migrate
      annotations:
        argocd.argoproj.io/hook: Sync
    spec:
      template:
        spec:
          serviceAccountName: migrate
          restartPolicy: Never
          containers:
            - name: migrate
              image: registry.example.com/checkout/payments:1.4.2
    # account.yaml
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: migrate
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import references
from scaffold.assemble.references import Need
from scaffold.expand import sync_order
from scaffold.model import Finding, How, Manifest, Overlay, Repository, Severity

ID = "needed-too-early"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_AWAITED = frozenset(("DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "StatefulSet"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every need of every workload that the same overlay meets later."""
    for overlay in repository.overlays.values():
        if overlay.how is not How.FLUX:
            yield from _early(overlay)


def _early(overlay: Overlay) -> Iterator[Finding]:
    there = {(f"{item.group}/{item.kind}", item.namespace, item.name): item for item in overlay.manifests}
    helm = overlay.how is How.HELM
    for pod in overlay.pods:
        manifest = pod.manifest
        start = sync_order.step(manifest.metadata, helm=helm) if manifest.kind in _AWAITED else None
        for need in references.of_pod(pod) if start else ():
            found = there.get((need.kind, need.namespace, need.name))
            end = sync_order.step(found.metadata, helm=helm) if found else None
            if start and end and start < end:
                yield _finding(manifest, need, start, end)


def _finding(manifest: Manifest, need: Need, start: sync_order.Step, end: sync_order.Step) -> Finding:
    kind = need.kind.partition("/")[2]
    fact = f"{manifest.kind} {manifest.name!r} is started in {start.shown(end)} and needs {kind} {need.name!r}"
    message = f"{fact}, which comes in {end.shown(start)}; bring that forward, or start this later"
    subject = f"{manifest.kind}/{manifest.name}/{kind}/{need.name}"
    return Finding(manifest.place(*need.pointer), ID, message, subject=subject)
