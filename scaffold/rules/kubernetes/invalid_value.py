"""A field has a value that is not among those that the API server accepts.

The schemas of built-in kinds call these fields plain text; the values stand in the server's code, and upper and lower
case differ. A controller that cannot read a duration reads none of the objects of that kind. A Gateway listens with no
protocol that is unknown; those that only one controller has begin with a domain.

Fails:

    # pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
          imagePullPolicy: IfNotPresnt

Passes:

    # pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
          imagePullPolicy: IfNotPresent
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scaffold.expand.schedules import duration_flaw
from scaffold.model import (
    Finding,
    Manifest,
    Pod,
    Pointer,
    Repository,
    Severity,
    is_variable,
    mapping,
    sequence,
)
from scaffold.nearest import near

ID = "invalid-value"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_Table = Mapping[Pointer, tuple[str, ...]]
_ANY = "*"  # every element of a list
_OWN = "/"  # among the accepted: names that begin with a domain, which are a controller's own
_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")
_NODE_OPERATORS = (*_OPERATORS, "Gt", "Lt")
_SELECTOR: _Table = {("spec", "selector", "matchExpressions", _ANY, "operator"): _OPERATORS}
_WEBHOOK: _Table = {
    ("webhooks", _ANY, "failurePolicy"): ("Fail", "Ignore"),
    ("webhooks", _ANY, "matchPolicy"): ("Equivalent", "Exact"),
    ("webhooks", _ANY, "reinvocationPolicy"): ("IfNeeded", "Never"),
    ("webhooks", _ANY, "rules", _ANY, "operations", _ANY): ("*", "CONNECT", "CREATE", "DELETE", "UPDATE"),
    ("webhooks", _ANY, "rules", _ANY, "scope"): ("*", "Cluster", "Namespaced"),
    ("webhooks", _ANY, "sideEffects"): ("None", "NoneOnDryRun"),
}
_KINDS: Mapping[str, _Table] = {
    "/LimitRange": {("spec", "limits", _ANY, "type"): ("Container", "PersistentVolumeClaim", "Pod")},
    "/PersistentVolume": {
        ("spec", "accessModes", _ANY): ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"),
        ("spec", "persistentVolumeReclaimPolicy"): ("Delete", "Recycle", "Retain"),
        ("spec", "volumeMode"): ("Filesystem", "Block"),
    },
    "/PersistentVolumeClaim": {
        ("spec", "accessModes", _ANY): ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"),
        ("spec", "volumeMode"): ("Filesystem", "Block"),
    },
    "/Service": {
        ("spec", "type"): ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"),
        ("spec", "sessionAffinity"): ("ClientIP", "None"),
        ("spec", "externalTrafficPolicy"): ("Cluster", "Local"),
        ("spec", "internalTrafficPolicy"): ("Cluster", "Local"),
        ("spec", "ipFamilyPolicy"): ("SingleStack", "PreferDualStack", "RequireDualStack"),
        ("spec", "ports", _ANY, "protocol"): ("TCP", "UDP", "SCTP"),
    },
    "admissionregistration.k8s.io/MutatingWebhookConfiguration": _WEBHOOK,
    "admissionregistration.k8s.io/ValidatingWebhookConfiguration": _WEBHOOK,
    "apiextensions.k8s.io/CustomResourceDefinition": {("spec", "scope"): ("Cluster", "Namespaced")},
    "apps/DaemonSet": {**_SELECTOR, ("spec", "updateStrategy", "type"): ("RollingUpdate", "OnDelete")},
    "apps/Deployment": {**_SELECTOR, ("spec", "strategy", "type"): ("RollingUpdate", "Recreate")},
    "apps/StatefulSet": {
        **_SELECTOR,
        ("spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted"): ("Delete", "Retain"),
        ("spec", "persistentVolumeClaimRetentionPolicy", "whenScaled"): ("Delete", "Retain"),
        ("spec", "podManagementPolicy"): ("OrderedReady", "Parallel"),
        ("spec", "updateStrategy", "type"): ("RollingUpdate", "OnDelete"),
    },
    "autoscaling/HorizontalPodAutoscaler": {
        **{
            ("spec", "behavior", way, *inner): values
            for way in ("scaleUp", "scaleDown")
            for inner, values in (
                (("selectPolicy",), ("Disabled", "Max", "Min")),
                (("policies", _ANY, "type"), ("Percent", "Pods")),
            )
        },
        ("spec", "metrics", _ANY, "type"): ("Resource", "ContainerResource", "Pods", "Object", "External"),
        ("spec", "metrics", _ANY, "resource", "target", "type"): ("Utilization", "Value", "AverageValue"),
    },
    "batch/CronJob": {("spec", "concurrencyPolicy"): ("Allow", "Forbid", "Replace")},
    "batch/Job": {
        ("spec", "completionMode"): ("NonIndexed", "Indexed"),
        ("spec", "podFailurePolicy", "rules", _ANY, "action"): ("Count", "FailIndex", "FailJob", "Ignore"),
        ("spec", "podReplacementPolicy"): ("Failed", "TerminatingOrFailed"),
    },
    "gateway.networking.k8s.io/Gateway": {
        ("spec", "listeners", _ANY, "protocol"): ("HTTP", "HTTPS", "TLS", "TCP", "UDP", _OWN),
    },
    "networking.k8s.io/Ingress": {
        ("spec", "rules", _ANY, "http", "paths", _ANY, "pathType"): ("Prefix", "Exact", "ImplementationSpecific")
    },
    "networking.k8s.io/NetworkPolicy": {
        ("spec", "policyTypes", _ANY): ("Ingress", "Egress"),
        ("spec", "ingress", _ANY, "ports", _ANY, "protocol"): ("TCP", "UDP", "SCTP"),
        ("spec", "egress", _ANY, "ports", _ANY, "protocol"): ("TCP", "UDP", "SCTP"),
    },
    "policy/PodDisruptionBudget": {
        **_SELECTOR,
        ("spec", "unhealthyPodEvictionPolicy"): ("IfHealthyBudget", "AlwaysAllow"),
    },
    "rbac.authorization.k8s.io/ClusterRoleBinding": {
        ("roleRef", "kind"): ("ClusterRole",),
        ("roleRef", "apiGroup"): ("rbac.authorization.k8s.io",),
        ("subjects", _ANY, "kind"): ("ServiceAccount", "User", "Group"),
    },
    "rbac.authorization.k8s.io/RoleBinding": {
        ("roleRef", "kind"): ("Role", "ClusterRole"),
        ("roleRef", "apiGroup"): ("rbac.authorization.k8s.io",),
        ("subjects", _ANY, "kind"): ("ServiceAccount", "User", "Group"),
    },
    "scheduling.k8s.io/PriorityClass": {("preemptionPolicy",): ("Never", "PreemptLowerPriority")},
    "storage.k8s.io/StorageClass": {
        ("reclaimPolicy",): ("Delete", "Retain"),
        ("volumeBindingMode",): ("Immediate", "WaitForFirstConsumer"),
    },
}
_REQUIRED, _PREFERRED = (f"{how}DuringSchedulingIgnoredDuringExecution" for how in ("required", "preferred"))
_CHOSEN: Pointer = ("labelSelector", "matchExpressions", _ANY, "operator")
_POD: _Table = {
    **{
        ("affinity", way, *where, *_CHOSEN): _OPERATORS
        for way in ("podAffinity", "podAntiAffinity")
        for where in ((_REQUIRED, _ANY), (_PREFERRED, _ANY, "podAffinityTerm"))
    },
    **{
        ("affinity", "nodeAffinity", *where, "matchExpressions", _ANY, "operator"): _NODE_OPERATORS
        for where in ((_REQUIRED, "nodeSelectorTerms", _ANY), (_PREFERRED, _ANY, "preference"))
    },
    ("os", "name"): ("linux", "windows"),
    ("preemptionPolicy",): ("Never", "PreemptLowerPriority"),
    ("securityContext", "appArmorProfile", "type"): ("RuntimeDefault", "Unconfined", "Localhost"),
    ("securityContext", "supplementalGroupsPolicy"): ("Merge", "Strict"),
    ("topologySpreadConstraints", _ANY, *_CHOSEN): _OPERATORS,
    ("topologySpreadConstraints", _ANY, "nodeAffinityPolicy"): ("Honor", "Ignore"),
    ("topologySpreadConstraints", _ANY, "nodeTaintsPolicy"): ("Honor", "Ignore"),
    ("volumes", _ANY, "hostPath", "type"): (
        *("", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"),
    ),
    ("dnsPolicy",): ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
    ("tolerations", _ANY, "effect"): ("NoSchedule", "PreferNoSchedule", "NoExecute", ""),
    ("tolerations", _ANY, "operator"): ("Equal", "Exists", "Lt", "Gt", ""),
    ("topologySpreadConstraints", _ANY, "whenUnsatisfiable"): ("DoNotSchedule", "ScheduleAnyway"),
    ("securityContext", "seccompProfile", "type"): ("RuntimeDefault", "Unconfined", "Localhost"),
    ("securityContext", "fsGroupChangePolicy"): ("OnRootMismatch", "Always"),
}
_CONTAINER: _Table = {
    ("imagePullPolicy",): ("Always", "IfNotPresent", "Never"),
    ("terminationMessagePolicy",): ("File", "FallbackToLogsOnError"),
    ("ports", _ANY, "protocol"): ("TCP", "UDP", "SCTP"),
    ("securityContext", "appArmorProfile", "type"): ("RuntimeDefault", "Unconfined", "Localhost"),
    ("securityContext", "procMount"): ("Default", "Unmasked"),
    ("securityContext", "seccompProfile", "type"): ("RuntimeDefault", "Unconfined", "Localhost"),
    ("lifecycle", "postStart", "httpGet", "scheme"): ("HTTP", "HTTPS"),
    ("lifecycle", "preStop", "httpGet", "scheme"): ("HTTP", "HTTPS"),
    ("livenessProbe", "httpGet", "scheme"): ("HTTP", "HTTPS"),
    ("readinessProbe", "httpGet", "scheme"): ("HTTP", "HTTPS"),
    ("startupProbe", "httpGet", "scheme"): ("HTTP", "HTTPS"),
    ("volumeMounts", _ANY, "mountPropagation"): ("None", "HostToContainer", "Bidirectional"),
}

# Plain text to the API server, and read by their controllers as Go reads it.
_DURATIONS: Mapping[str, tuple[Pointer, ...]] = {
    "cert-manager.io/Certificate": (("spec", "duration"), ("spec", "renewBefore")),
    "external-secrets.io/ExternalSecret": (("spec", "refreshInterval"),),
    "external-secrets.io/PushSecret": (("spec", "refreshInterval"),),
}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every value that is not in its list."""
    for overlay in repository.overlays.values():
        for kind, table in _KINDS.items():
            for manifest in overlay.of(kind):
                subject = f"{manifest.kind} {manifest.name!r}"
                yield from _refused(manifest, subject, manifest.data, (), table)
        for kind, pointers in _DURATIONS.items():
            for manifest in overlay.of(kind):
                yield from _unreadable(manifest, pointers)
        for pod in overlay.pods:
            yield from _of_pod(pod)


def _unreadable(manifest: Manifest, pointers: Iterable[Pointer]) -> Iterator[Finding]:
    for pointer in pointers:
        value = manifest.get(*pointer)
        flaw = duration_flaw(value) if isinstance(value, str) and not is_variable(value) else ""
        if flaw:
            fact = f"{manifest.kind} {manifest.name!r}, {pointer[-1]} {value!r} is no duration, {flaw}"
            yield Finding(manifest.place(*pointer), ID, f"{fact}; write one such as 1h30m")


def _of_pod(pod: Pod) -> Iterator[Finding]:
    subject = f"{pod.manifest.kind} {pod.manifest.name!r}"
    yield from _refused(pod.manifest, subject, pod.spec, (*pod.template, "spec"), _POD)
    for container in pod.containers:
        yield from _refused(pod.manifest, pod.named(container), container.data, container.pointer, _CONTAINER)


def _refused(
    manifest: Manifest, subject: str, data: Mapping[str, Any], where: Pointer, table: _Table
) -> Iterator[Finding]:
    for path, accepted in table.items():
        if path[0] not in data:
            continue
        for pointer, value in _values(data, path, ()):
            if isinstance(value, str) and not _is_accepted(value, accepted):
                field = path[-2] if path[-1] == _ANY else path[-1]
                message = f"{subject}, {field} {value!r} is not accepted; {_remedy(value, accepted)}"
                yield Finding(manifest.place(*where, *pointer), ID, message)


def _is_accepted(value: str, accepted: tuple[str, ...]) -> bool:
    return value in accepted or is_variable(value) or (_OWN in accepted and _OWN in value)


def _remedy(value: str, accepted: tuple[str, ...]) -> str:
    words = [one for one in accepted if one not in ("", _OWN)]
    guess = near(value.lower(), [one.lower() for one in words])
    meant = next((one for one in words if one.lower() == guess), "")
    return f"did you mean {meant!r}?" if meant else f"use {' or '.join(words)}"


def _values(data: Any, path: Pointer, done: Pointer) -> Iterator[tuple[Pointer, Any]]:
    if not path:
        yield done, data
    elif path[0] == _ANY:
        for index, item in enumerate(sequence(data)):
            yield from _values(item, path[1:], (*done, index))
    elif path[0] in mapping(data):
        yield from _values(data[path[0]], path[1:], (*done, path[0]))
