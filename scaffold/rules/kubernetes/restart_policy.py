"""A workload has a restart policy that its kind does not permit.

The API server refuses it: the pods of a Deployment, a StatefulSet or a DaemonSet always restart, those of a Job restart
on failure or never, and must say which.

Fails:

    # job.yaml
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: load
    spec:
      template:
        spec:
          containers:
            - name: load
              image: registry.example.com/web:1.0.0

Passes:

    # job.yaml
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: load
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: load
              image: registry.example.com/web:1.0.0
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity, is_variable

ID = "restart-policy"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_JOBS = frozenset(("Job", "CronJob"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every workload whose pods restart as they may not."""
    for overlay in repository.overlays.values():
        for pod in overlay.pods:
            policy = pod.spec.get("restartPolicy", "Always")
            kind = pod.manifest.kind
            hidden = overlay.is_partial(pod.manifest.path) and "restartPolicy" not in pod.spec
            if kind == "Pod" or not pod.spec or hidden or is_variable(policy):
                continue
            permitted = ("OnFailure", "Never") if kind in _JOBS else ("Always",)
            if policy not in permitted:
                unset = "" if "restartPolicy" in pod.spec else " (the default)"
                fact = f"{kind} {pod.manifest.name!r} has restartPolicy {policy!r}{unset}, which the API server refuses"
                place = pod.place("restartPolicy") if not unset else pod.place(at_key=True)
                yield Finding(place, ID, f"{fact}; use {' or '.join(permitted)}")
