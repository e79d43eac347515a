"""A number is below what the API server accepts, or a least one above its most.

Counts and seconds of workloads and probes are not negative, some deadlines at least 1, and an autoscaler's least number
of replicas is not above its most. No schema says so; the API server's own validation does (Kubernetes 1.37).

Fails:

    # scaler.yaml
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: web
    spec:
      minReplicas: 5
      maxReplicas: 3
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: web

Passes:

    # scaler.yaml
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: web
    spec:
      minReplicas: 3
      maxReplicas: 5
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: web
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import Finding, Manifest, Pointer, Repository, Severity, dig

ID = "refused-number"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_Table = Mapping[Pointer, int]
_SCALER = "autoscaling/HorizontalPodAutoscaler"
_JOB = ("backoffLimit", "completions", "parallelism", "ttlSecondsAfterFinished")
_KINDS: Mapping[str, _Table] = {
    "apps/DaemonSet": {("spec", "minReadySeconds"): 0, ("spec", "revisionHistoryLimit"): 0},
    "apps/Deployment": {
        ("spec", "replicas"): 0,
        ("spec", "minReadySeconds"): 0,
        ("spec", "progressDeadlineSeconds"): 1,
        ("spec", "revisionHistoryLimit"): 0,
    },
    "apps/StatefulSet": {("spec", "replicas"): 0, ("spec", "minReadySeconds"): 0},
    "batch/CronJob": {
        ("spec", "startingDeadlineSeconds"): 0,
        ("spec", "successfulJobsHistoryLimit"): 0,
        ("spec", "failedJobsHistoryLimit"): 0,
        **{("spec", "jobTemplate", "spec", field): 0 for field in _JOB},
    },
    "batch/Job": {("spec", field): 0 for field in _JOB},
    _SCALER: {("spec", "minReplicas"): 0, ("spec", "maxReplicas"): 1},
}
_POD: _Table = {("activeDeadlineSeconds",): 1}
_PROBE = ("initialDelaySeconds", "periodSeconds", "timeoutSeconds", "successThreshold", "failureThreshold")
_CONTAINER: _Table = {
    (probe, field): 0 for probe in ("livenessProbe", "readinessProbe", "startupProbe") for field in _PROBE
}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every number that is refused."""
    for overlay in repository.overlays.values():
        for kind, table in _KINDS.items():
            for manifest in overlay.of(kind):
                yield from _low(manifest, f"{manifest.kind} {manifest.name!r}", manifest.data, (), table)
        for manifest in overlay.of(_SCALER):
            yield from _crossed(manifest)
        for pod in overlay.pods:
            subject = f"{pod.manifest.kind} {pod.manifest.name!r}"
            yield from _low(pod.manifest, subject, pod.spec, (*pod.template, "spec"), _POD)
            for container in pod.containers:
                yield from _low(pod.manifest, pod.named(container), container.data, container.pointer, _CONTAINER)


def _low(manifest: Manifest, subject: str, data: Any, where: Pointer, table: _Table) -> Iterator[Finding]:
    for pointer, least in table.items():
        value = dig(data, *pointer)
        if isinstance(value, int) and value < least:
            message = f"{subject}, {'.'.join(map(str, pointer))} {value} is refused; write {least} or more"
            yield Finding(manifest.place(*where, *pointer), ID, message)


def _crossed(manifest: Manifest) -> Iterator[Finding]:
    least, most = (manifest.get("spec", field) for field in ("minReplicas", "maxReplicas"))
    if isinstance(least, int) and isinstance(most, int) and least > most:
        fact = f"{manifest.kind} {manifest.name!r} has minReplicas {least} above maxReplicas {most}, and is refused"
        yield Finding(manifest.place("spec", "minReplicas"), ID, f"{fact}; lower the one, or raise the other")
