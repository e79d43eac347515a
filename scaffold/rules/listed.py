"""The fields whose values the API server lists, and the schemas of their kinds do not (Kubernetes 1.37)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import Pointer, mapping, sequence

Table = Mapping[Pointer, tuple[str, ...]]
ANY = "*"  # every element of a list
# Among the accepted: a controller's own names, with a domain, or of several words, as STUNner's `TURN-UDP`.
OWN = "/-"
_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")
_NODE_OPERATORS = (*_OPERATORS, "Gt", "Lt")
_SELECTOR: Table = {("spec", "selector", "matchExpressions", ANY, "operator"): _OPERATORS}
_WEBHOOK: Table = {
    ("webhooks", ANY, "failurePolicy"): ("Fail", "Ignore"),
    ("webhooks", ANY, "matchPolicy"): ("Equivalent", "Exact"),
    ("webhooks", ANY, "reinvocationPolicy"): ("IfNeeded", "Never"),
    ("webhooks", ANY, "rules", ANY, "operations", ANY): ("*", "CONNECT", "CREATE", "DELETE", "UPDATE"),
    ("webhooks", ANY, "rules", ANY, "scope"): ("*", "Cluster", "Namespaced"),
    ("webhooks", ANY, "sideEffects"): ("None", "NoneOnDryRun"),
}
KINDS: Mapping[str, Table] = {
    "/LimitRange": {("spec", "limits", ANY, "type"): ("Container", "PersistentVolumeClaim", "Pod")},
    "/Namespace": {
        ("metadata", "labels", f"pod-security.kubernetes.io/{mode}"): ("privileged", "baseline", "restricted")
        for mode in ("enforce", "audit", "warn")
    },
    "/PersistentVolume": {
        ("spec", "accessModes", ANY): ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"),
        ("spec", "persistentVolumeReclaimPolicy"): ("Delete", "Recycle", "Retain", ""),
        ("spec", "volumeMode"): ("Filesystem", "Block"),
    },
    "/PersistentVolumeClaim": {
        ("spec", "accessModes", ANY): ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"),
        ("spec", "volumeMode"): ("Filesystem", "Block"),
    },
    "/Service": {
        ("spec", "type"): ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName", ""),
        ("spec", "sessionAffinity"): ("ClientIP", "None", ""),
        ("spec", "externalTrafficPolicy"): ("Cluster", "Local", ""),
        ("spec", "internalTrafficPolicy"): ("Cluster", "Local"),
        ("spec", "ipFamilyPolicy"): ("SingleStack", "PreferDualStack", "RequireDualStack"),
        ("spec", "ports", ANY, "protocol"): ("TCP", "UDP", "SCTP", ""),
    },
    "admissionregistration.k8s.io/MutatingWebhookConfiguration": _WEBHOOK,
    "admissionregistration.k8s.io/ValidatingWebhookConfiguration": _WEBHOOK,
    "apiextensions.k8s.io/CustomResourceDefinition": {("spec", "scope"): ("Cluster", "Namespaced")},
    "apps/DaemonSet": {**_SELECTOR, ("spec", "updateStrategy", "type"): ("RollingUpdate", "OnDelete", "")},
    "apps/Deployment": {**_SELECTOR, ("spec", "strategy", "type"): ("RollingUpdate", "Recreate", "")},
    "apps/StatefulSet": {
        **_SELECTOR,
        ("spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted"): ("Delete", "Retain", ""),
        ("spec", "persistentVolumeClaimRetentionPolicy", "whenScaled"): ("Delete", "Retain", ""),
        ("spec", "podManagementPolicy"): ("OrderedReady", "Parallel", ""),
        ("spec", "updateStrategy", "type"): ("RollingUpdate", "OnDelete", ""),
    },
    "autoscaling/HorizontalPodAutoscaler": {
        **{
            ("spec", "behavior", way, *inner): values
            for way in ("scaleUp", "scaleDown")
            for inner, values in (
                (("selectPolicy",), ("Disabled", "Max", "Min")),
                (("policies", ANY, "type"), ("Percent", "Pods")),
            )
        },
        ("spec", "metrics", ANY, "type"): ("Resource", "ContainerResource", "Pods", "Object", "External"),
        ("spec", "metrics", ANY, "resource", "target", "type"): ("Utilization", "Value", "AverageValue"),
    },
    "batch/CronJob": {("spec", "concurrencyPolicy"): ("Allow", "Forbid", "Replace", "")},
    "batch/Job": {
        ("spec", "completionMode"): ("NonIndexed", "Indexed"),
        ("spec", "podFailurePolicy", "rules", ANY, "action"): ("Count", "FailIndex", "FailJob", "Ignore"),
        ("spec", "podReplacementPolicy"): ("Failed", "TerminatingOrFailed"),
    },
    "gateway.networking.k8s.io/Gateway": {
        ("spec", "listeners", ANY, "protocol"): ("HTTP", "HTTPS", "TLS", "TCP", "UDP", "HBONE", OWN),
    },
    "networking.k8s.io/Ingress": {
        ("spec", "rules", ANY, "http", "paths", ANY, "pathType"): ("Prefix", "Exact", "ImplementationSpecific")
    },
    "networking.k8s.io/NetworkPolicy": {
        ("spec", "policyTypes", ANY): ("Ingress", "Egress"),
        ("spec", "ingress", ANY, "ports", ANY, "protocol"): ("TCP", "UDP", "SCTP"),
        ("spec", "egress", ANY, "ports", ANY, "protocol"): ("TCP", "UDP", "SCTP"),
    },
    "policy/PodDisruptionBudget": {
        **_SELECTOR,
        ("spec", "unhealthyPodEvictionPolicy"): ("IfHealthyBudget", "AlwaysAllow"),
    },
    "rbac.authorization.k8s.io/ClusterRoleBinding": {
        ("roleRef", "kind"): ("ClusterRole",),
        ("roleRef", "apiGroup"): ("", "rbac.authorization.k8s.io"),
        ("subjects", ANY, "kind"): ("ServiceAccount", "User", "Group"),
    },
    "rbac.authorization.k8s.io/RoleBinding": {
        ("roleRef", "kind"): ("Role", "ClusterRole"),
        ("roleRef", "apiGroup"): ("", "rbac.authorization.k8s.io"),
        ("subjects", ANY, "kind"): ("ServiceAccount", "User", "Group"),
    },
    "scheduling.k8s.io/PriorityClass": {("preemptionPolicy",): ("Never", "PreemptLowerPriority")},
    "storage.k8s.io/StorageClass": {
        ("reclaimPolicy",): ("Delete", "Retain", ""),
        ("volumeBindingMode",): ("Immediate", "WaitForFirstConsumer"),
    },
}
_REQUIRED, _PREFERRED = (f"{how}DuringSchedulingIgnoredDuringExecution" for how in ("required", "preferred"))
_CHOSEN: Pointer = ("labelSelector", "matchExpressions", ANY, "operator")
POD: Table = {
    **{
        ("affinity", way, *where, *_CHOSEN): _OPERATORS
        for way in ("podAffinity", "podAntiAffinity")
        for where in ((_REQUIRED, ANY), (_PREFERRED, ANY, "podAffinityTerm"))
    },
    **{
        ("affinity", "nodeAffinity", *where, "matchExpressions", ANY, "operator"): _NODE_OPERATORS
        for where in ((_REQUIRED, "nodeSelectorTerms", ANY), (_PREFERRED, ANY, "preference"))
    },
    ("os", "name"): ("linux", "windows"),
    ("preemptionPolicy",): ("Never", "PreemptLowerPriority"),
    ("securityContext", "appArmorProfile", "type"): ("RuntimeDefault", "Unconfined", "Localhost"),
    ("securityContext", "supplementalGroupsPolicy"): ("Merge", "Strict"),
    ("topologySpreadConstraints", ANY, *_CHOSEN): _OPERATORS,
    ("topologySpreadConstraints", ANY, "nodeAffinityPolicy"): ("Honor", "Ignore"),
    ("topologySpreadConstraints", ANY, "nodeTaintsPolicy"): ("Honor", "Ignore"),
    ("volumes", ANY, "hostPath", "type"): (
        *("", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"),
    ),
    ("dnsPolicy",): ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None", ""),
    ("tolerations", ANY, "effect"): ("NoSchedule", "PreferNoSchedule", "NoExecute", ""),
    ("tolerations", ANY, "operator"): ("Equal", "Exists", "Lt", "Gt", ""),
    ("topologySpreadConstraints", ANY, "whenUnsatisfiable"): ("DoNotSchedule", "ScheduleAnyway"),
    ("securityContext", "seccompProfile", "type"): ("RuntimeDefault", "Unconfined", "Localhost"),
    ("securityContext", "fsGroupChangePolicy"): ("OnRootMismatch", "Always"),
}
CONTAINER: Table = {
    ("imagePullPolicy",): ("Always", "IfNotPresent", "Never", ""),
    ("terminationMessagePolicy",): ("File", "FallbackToLogsOnError", ""),
    ("ports", ANY, "protocol"): ("TCP", "UDP", "SCTP", ""),
    ("securityContext", "appArmorProfile", "type"): ("RuntimeDefault", "Unconfined", "Localhost"),
    ("securityContext", "procMount"): ("Default", "Unmasked"),
    ("securityContext", "seccompProfile", "type"): ("RuntimeDefault", "Unconfined", "Localhost"),
    ("lifecycle", "postStart", "httpGet", "scheme"): ("HTTP", "HTTPS", ""),
    ("lifecycle", "preStop", "httpGet", "scheme"): ("HTTP", "HTTPS", ""),
    ("livenessProbe", "httpGet", "scheme"): ("HTTP", "HTTPS", ""),
    ("readinessProbe", "httpGet", "scheme"): ("HTTP", "HTTPS", ""),
    ("startupProbe", "httpGet", "scheme"): ("HTTP", "HTTPS", ""),
    ("volumeMounts", ANY, "mountPropagation"): ("None", "HostToContainer", "Bidirectional"),
}


def values(data: Any, path: Pointer, done: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    """Every value at a pointer that may hold `ANY`, and where it is."""
    if not path:
        yield done, data
    elif path[0] == ANY:
        for index, item in enumerate(sequence(data)):
            yield from values(item, path[1:], (*done, index))
    elif path[0] in mapping(data):
        yield from values(data[path[0]], path[1:], (*done, path[0]))
