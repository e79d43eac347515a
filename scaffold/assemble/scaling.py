"""What autoscalers change: the replicas of a workload, between bounds."""

from __future__ import annotations

from scaffold.model import Manifest, mapping

_BOUNDS = {
    "HorizontalPodAutoscaler": ("minReplicas", "maxReplicas"),
    "ScaledObject": ("minReplicaCount", "maxReplicaCount"),
}


def scaled(manifest: Manifest) -> str:
    """The kind and name of what an autoscaler scales; KEDA takes a Deployment where no kind is given.

    One whose bounds are equal scales nothing.
    """
    bounds = _BOUNDS.get(manifest.kind)
    spec = mapping(manifest.get("spec"))
    if bounds is None or spec.get(bounds[0], 1) == spec.get(bounds[1]):
        return ""
    target = mapping(spec.get("scaleTargetRef"))
    return f"{target.get('kind') or 'Deployment'}/{target.get('name')}"


def is_changed(replicas: object, scaler: str) -> bool:
    """Tell whether an autoscaler of a kind changes a number; a HorizontalPodAutoscaler lets nothing be nothing."""
    return replicas is not None and not (replicas == 0 and scaler == "HorizontalPodAutoscaler")
