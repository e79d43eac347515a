"""A number is below or above what the API server accepts, or a least one above its most.

Counts and seconds of workloads and probes are not negative, some deadlines at least 1, weights from 1 to 100, shares
are percentages up to 100, and an autoscaler's least number of replicas is not above its most. The pods of a Deployment
are ready in less time than it may take to progress, which is 600 seconds where it does not say. A probe that restarts a
container needs one success, a hook sleeps no longer than the pod has to end, an indexed Job of several pods says how
many it has to complete, and a range of ports ends where it begins or above. No schema says so; the API server's own
validation does (Kubernetes 1.37).

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

import re
from collections.abc import Iterator
from typing import Any

from scaffold.model import Container, Finding, Manifest, Overlay, Pod, Pointer, Repository, Severity, dig, mapping
from scaffold.rules.bounded import CONTAINER, JOBS, KINDS, OPEN_SHARES, POD, SHARES, Table
from scaffold.rules.listed import ANY, values

ID = "refused-number"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_SCALER = "autoscaling/HorizontalPodAutoscaler"
_GRACE = 30  # seconds, where a pod does not say
_PROGRESS = 600  # seconds, where a Deployment does not say
_SHARE = re.compile(r"([0-9]+)%\Z")
_WORD = re.compile(r"[0-9A-Za-z.]+\Z")  # and no variable
_WHOLE = 100


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every number that is refused."""
    for overlay in repository.overlays.values():
        for kind, table in KINDS.items():
            for manifest in overlay.of(kind):
                yield from _outside(manifest, f"{manifest.kind} {manifest.name!r}", manifest.data, (), table)
        for manifest in overlay.of(_SCALER):
            yield from _crossed(manifest)
        for pod in overlay.pods:
            subject = f"{pod.manifest.kind} {pod.manifest.name!r}"
            yield from _outside(pod.manifest, subject, pod.spec, (*pod.template, "spec"), POD)
            for container in pod.containers:
                yield from _outside(pod.manifest, pod.named(container), container.data, container.pointer, CONTAINER)
                yield from _successes(pod, container)
                yield from _sleeps(pod, container)
        for kind, pointer in JOBS.items():
            for manifest in overlay.of(kind):
                yield from _uncounted(manifest, pointer)
        yield from _shares(overlay)
        yield from _never_ready(overlay)
        yield from _ranges(overlay)


def _outside(manifest: Manifest, subject: str, data: Any, where: Pointer, table: Table) -> Iterator[Finding]:
    for path, (least, most) in table.items():
        for pointer, value in values(data, path):
            remedy = f"{least} or more" if isinstance(value, int) and value < least else ""
            if isinstance(value, int) and most is not None and value > most:
                remedy = f"{most} or less"
            if remedy:
                message = f"{subject}, {'.'.join(map(str, pointer))} {value} is refused; write {remedy}"
                yield Finding(manifest.place(*where, *pointer), ID, message)


def _shares(overlay: Overlay) -> Iterator[Finding]:
    """Yield shares that are more than all pods, and texts that are none, as a number in quotes."""
    for table, open_end in ((SHARES, False), (OPEN_SHARES, True)):
        for kind, pointers in table.items():
            for manifest in overlay.of(kind):
                for pointer in pointers:
                    value = manifest.get(*pointer)
                    if isinstance(value, str) and (flaw := _share_flaw(value, open_end=open_end)):
                        fact = f"{manifest.kind} {manifest.name!r}, {'.'.join(map(str, pointer))} {value!r} is refused"
                        yield Finding(manifest.place(*pointer), ID, f"{fact}, {flaw}")


def _share_flaw(value: str, *, open_end: bool) -> str:
    if found := _SHARE.match(value):
        digits = found[1].lstrip("0") or "0"  # a text of any length is no number to Python
        over = not open_end and (len(digits) > len(str(_WHOLE)) or int(digits) > _WHOLE)
        return "as it is more than all; write 100% or less" if over else ""
    if value.isdigit():
        return f"as quotes make it a text; write {value} without them"
    return "as it is neither a number nor a percentage; write one of them" if _WORD.match(value) else ""


def _never_ready(overlay: Overlay) -> Iterator[Finding]:
    """Yield every Deployment whose pods are not ready before it counts as stuck."""
    for workload in overlay.of("apps/Deployment"):
        ready, told = (workload.get("spec", field) for field in ("minReadySeconds", "progressDeadlineSeconds"))
        if told is None and overlay.is_partial(workload.path):
            continue
        deadline = _PROGRESS if told is None else told
        if isinstance(ready, int) and isinstance(deadline, int) and ready >= deadline > 0:
            whose = f"progressDeadlineSeconds is {deadline}{' by default' if told is None else ''}"
            fact = f"Deployment {workload.name!r} has minReadySeconds {ready}, and is refused, as {whose}"
            message = f"{fact}; lower the one, or raise the other above it"
            yield Finding(workload.place("spec", "minReadySeconds"), ID, message)


def _ranges(overlay: Overlay) -> Iterator[Finding]:
    """Yield every range of ports of a NetworkPolicy that ends below where it begins."""
    for policy in overlay.of("networking.k8s.io/NetworkPolicy"):
        for way in ("ingress", "egress"):
            for pointer, entry in values(policy.data, ("spec", way, ANY, "ports", ANY)):
                first, last = dig(entry, "port"), dig(entry, "endPort")
                if isinstance(first, int) and isinstance(last, int) and last < first:
                    fact = f"NetworkPolicy {policy.name!r} has ports from {first} to {last}, and is refused"
                    yield Finding(policy.place(*pointer, "endPort"), ID, f"{fact}; write {first} or more")


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
