"""The least and the most that the API server takes of numbers, which the schemas do not say (Kubernetes 1.37)."""

from __future__ import annotations

from collections.abc import Mapping

from scaffold.model import Pointer
from scaffold.rules.listed import ANY

Bounds = tuple[int, int | None]
Table = Mapping[Pointer, Bounds]
_COUNT: Bounds = (0, None)
_SOME: Bounds = (1, None)
_WEIGHT: Bounds = (1, 100)
_ROLLING = ("maxSurge", "maxUnavailable")
_JOB = (
    *("activeDeadlineSeconds", "backoffLimit", "backoffLimitPerIndex", "completions", "maxFailedIndexes"),
    *("parallelism", "ttlSecondsAfterFinished"),
)
JOBS: Mapping[str, Pointer] = {"batch/CronJob": ("spec", "jobTemplate", "spec"), "batch/Job": ("spec",)}
_POLICIES: Table = {
    pointer: bounds
    for way in ("scaleDown", "scaleUp")
    for pointer, bounds in {
        ("spec", "behavior", way, "stabilizationWindowSeconds"): (0, 3600),
        ("spec", "behavior", way, "policies", ANY, "periodSeconds"): (1, 1800),
        ("spec", "behavior", way, "policies", ANY, "value"): _SOME,
    }.items()
}
KINDS: Mapping[str, Table] = {
    "apps/DaemonSet": {
        ("spec", "minReadySeconds"): _COUNT,
        ("spec", "revisionHistoryLimit"): _COUNT,
        **{("spec", "updateStrategy", "rollingUpdate", field): _COUNT for field in _ROLLING},
    },
    "apps/Deployment": {
        ("spec", "replicas"): _COUNT,
        ("spec", "minReadySeconds"): _COUNT,
        ("spec", "progressDeadlineSeconds"): _SOME,
        ("spec", "revisionHistoryLimit"): _COUNT,
        **{("spec", "strategy", "rollingUpdate", field): _COUNT for field in _ROLLING},
    },
    "apps/StatefulSet": {
        ("spec", "replicas"): _COUNT,
        ("spec", "minReadySeconds"): _COUNT,
        ("spec", "ordinals", "start"): _COUNT,
        ("spec", "updateStrategy", "rollingUpdate", "partition"): _COUNT,
    },
    "autoscaling/HorizontalPodAutoscaler": {
        ("spec", "minReplicas"): _COUNT,
        ("spec", "maxReplicas"): _SOME,
        ("spec", "metrics", ANY, "resource", "target", "averageUtilization"): _SOME,
        ("spec", "metrics", ANY, "containerResource", "target", "averageUtilization"): _SOME,
        **_POLICIES,
    },
    "batch/CronJob": {
        ("spec", "startingDeadlineSeconds"): _COUNT,
        ("spec", "successfulJobsHistoryLimit"): _COUNT,
        ("spec", "failedJobsHistoryLimit"): _COUNT,
        **{(*JOBS["batch/CronJob"], field): _COUNT for field in _JOB},
    },
    "batch/Job": {(*JOBS["batch/Job"], field): _COUNT for field in _JOB},
    "policy/PodDisruptionBudget": {("spec", field): _COUNT for field in ("minAvailable", "maxUnavailable")},
}
# Shares of the pods that are `100%` at most.
SHARES: Mapping[str, tuple[Pointer, ...]] = {
    "apps/DaemonSet": (("spec", "updateStrategy", "rollingUpdate", "maxUnavailable"),),
    "apps/Deployment": (("spec", "strategy", "rollingUpdate", "maxUnavailable"),),
    "policy/PodDisruptionBudget": (("spec", "minAvailable"), ("spec", "maxUnavailable")),
}
# Those that may be more.
OPEN_SHARES: Mapping[str, tuple[Pointer, ...]] = {
    "apps/DaemonSet": (("spec", "updateStrategy", "rollingUpdate", "maxSurge"),),
    "apps/Deployment": (("spec", "strategy", "rollingUpdate", "maxSurge"),),
}
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
_AFFINITIES = ("nodeAffinity", "podAffinity", "podAntiAffinity")
POD: Table = {
    ("activeDeadlineSeconds",): _SOME,
    ("topologySpreadConstraints", ANY, "maxSkew"): _SOME,
    ("topologySpreadConstraints", ANY, "minDomains"): _SOME,
    **{("affinity", kind, _PREFERRED, ANY, "weight"): _WEIGHT for kind in _AFFINITIES},
    ("volumes", ANY, "projected", "sources", ANY, "serviceAccountToken", "expirationSeconds"): (600, None),
}
_PROBE = ("initialDelaySeconds", "periodSeconds", "timeoutSeconds", "successThreshold", "failureThreshold")
CONTAINER: Table = {
    **{(probe, field): _COUNT for probe in ("livenessProbe", "readinessProbe", "startupProbe") for field in _PROBE},
    **{(probe, "terminationGracePeriodSeconds"): _SOME for probe in ("livenessProbe", "startupProbe")},
}
