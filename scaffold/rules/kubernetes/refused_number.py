"""A number is below or above what the API server accepts, or a least one above its most.

Counts and seconds of workloads and probes are not negative, some deadlines at least 1, and an autoscaler's least number
of replicas is not above its most. A probe that restarts a container needs one success, a hook sleeps no longer than the
pod has to end, and an indexed Job of several pods says how many it has to complete. No schema says so; the API server's
own validation does (Kubernetes 1.37).

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

from scaffold.model import Container, Finding, Manifest, Pod, Pointer, Repository, Severity, dig, mapping

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
_JOBS: Mapping[str, Pointer] = {"batch/CronJob": ("spec", "jobTemplate", "spec"), "batch/Job": ("spec",)}
_GRACE = 30  # seconds, where a pod does not say


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
                yield from _successes(pod, container)
                yield from _sleeps(pod, container)
        for kind, pointer in _JOBS.items():
            for manifest in overlay.of(kind):
                yield from _uncounted(manifest, pointer)


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


def _successes(pod: Pod, container: Container) -> Iterator[Finding]:
    for probe in ("livenessProbe", "startupProbe"):
        value = dig(container.data, probe, "successThreshold")
        if isinstance(value, int) and value > 1:
            fact = f"{pod.named(container)}, {probe}.successThreshold {value} is refused, as one success is enough"
            yield Finding(pod.manifest.place(*container.pointer, probe, "successThreshold"), ID, f"{fact}; write 1")


def _sleeps(pod: Pod, container: Container) -> Iterator[Finding]:
    """Yield every hook that sleeps longer than its pod may take to end."""
    told = pod.spec.get("terminationGracePeriodSeconds")
    grace = _GRACE if told is None else told
    for hook in ("postStart", "preStop"):
        pointer = ("lifecycle", hook, "sleep", "seconds")
        seconds = dig(container.data, *pointer)
        if isinstance(seconds, int) and isinstance(grace, int) and seconds > grace >= 0:
            fact = f"{pod.named(container)} sleeps {seconds} seconds in {hook}, and is refused"
            why = f"terminationGracePeriodSeconds is {grace}"
            place = pod.manifest.place(*container.pointer, *pointer)
            yield Finding(place, ID, f"{fact}, as {why}; raise the one, or lower the other")


def _uncounted(manifest: Manifest, where: Pointer) -> Iterator[Finding]:
    """Yield an indexed Job without completions; one that says nothing of parallelism either has 1 of both."""
    job = mapping(dig(manifest.data, *where))
    counted = job.get("completions") is not None
    alone = manifest.kind == "Job" and job.get("parallelism") is None
    if job.get("completionMode") == "Indexed" and not counted and not alone:
        fact = f"{manifest.kind} {manifest.name!r} has completionMode 'Indexed' and no completions, and is refused"
        yield Finding(manifest.place(*where, "completionMode"), ID, f"{fact}; write how many there are")
