"""What controllers that do not run here would do for objects of examples: give a status, make what they stand for.

Asked again and again while a fleet settles. What the secret manager holds is the same for everything that names no
cluster: something to read a repository with.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engines import definitions
from engines.control_plane import ControlPlane
from engines.flux import KUSTOMIZATION, SOURCE
from engines.kube import TOKEN, Kube
from engines.processes import EngineError

_SERVED_SECONDS = 60
_WHEN = "2026-01-01T00:00:00Z"
_FLUX = "flux-system"
_CLUSTERS = "platform/clusters/"
_HELD = {"username": "git", "password": "read-only"}
_CLUSTER = {"config": json.dumps({"bearerToken": TOKEN, "tlsClientConfig": {"insecure": True}})}

Status = Callable[[Mapping[str, Any]], dict[str, Any]]


def _ready(item: Mapping[str, Any]) -> dict[str, Any]:
    generation = item["metadata"]["generation"]
    return {"conditions": [_condition("Ready")], "observedGeneration": generation}


def _synced(_: Mapping[str, Any]) -> dict[str, Any]:
    return {"conditions": [_condition("Ready")]}


def _accepted(item: Mapping[str, Any]) -> dict[str, Any]:
    """Each Gateway takes the route as it stands now."""
    generation = {"observedGeneration": item["metadata"]["generation"]}
    conditions = [{**_condition(kind), **generation} for kind in ("Accepted", "ResolvedRefs")]
    taken = {"controllerName": "example.com/gateway", "conditions": conditions}
    return {"parents": [{"parentRef": parent, **taken} for parent in item["spec"]["parentRefs"]]}


def _reached(_: Mapping[str, Any]) -> dict[str, Any]:
    return {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}


def _measured(item: Mapping[str, Any]) -> dict[str, Any]:
    """Nobody measures pods, and without measurements the autoscaler would complain."""
    return {
        "currentReplicas": item["spec"]["minReplicas"],
        "desiredReplicas": item["spec"]["minReplicas"],
        "conditions": [_condition("ScalingActive"), _condition("AbleToScale")],
    }


_STATUSES: dict[tuple[str, str], Status] = {
    ("autoscaling/v2", "HorizontalPodAutoscaler"): _measured,
    ("external-secrets.io/v1", "ExternalSecret"): _synced,
    ("fluxcd.controlplane.io/v1", "FluxInstance"): _ready,
    ("gateway.networking.k8s.io/v1", "HTTPRoute"): _accepted,
    ("helm.toolkit.fluxcd.io/v2", "HelmRelease"): _ready,
    ("networking.k8s.io/v1", "Ingress"): _reached,
}


def define(control: ControlPlane) -> None:
    """Have the kinds of these controllers, and the others that no engine brings, served."""
    control.kube.create(*definitions.beside_engines())
    control.keeper.wait("all kinds are defined", _SERVED_SECONDS, control.kube.established)
    control.keeper.wait("all kinds are served", _SERVED_SECONDS, lambda: _served(control.kube))


def _served(kube: Kube) -> bool:
    """A server that has just learned of a kind may still ask to come again."""
    try:
        answer(kube)
    except EngineError:
        return False
    return True


def answer(kube: Kube) -> None:
    """Do it for every object there is."""
    for (api_version, kind), status in _STATUSES.items():
        for item in kube.items(api_version, kind):
            wanted, metadata = status(item), item["metadata"]
            if any(item.get("status", {}).get(key) != value for key, value in wanted.items()):
                kube.apply(*_MADE.get(kind, _nothing)(item))
                kube.report(api_version, kind, metadata["namespace"], metadata["name"], wanted)


def _nothing(_: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    return ()


def _secret(item: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """What its template says, with what the secret manager holds."""
    spec = item["spec"]
    template = spec["target"].get("template", {})
    data = dict(template.get("data", {}))
    for whole in spec.get("dataFrom", ()):
        data |= _CLUSTER if whole["extract"]["key"].startswith(_CLUSTERS) else _HELD
    data |= {part["secretKey"]: "secret" for part in spec.get("data", ())}
    metadata = {
        "name": spec["target"]["name"],
        "namespace": item["metadata"]["namespace"],
        "labels": template.get("metadata", {}).get("labels", {}),
        "ownerReferences": [_owner(item["metadata"])] if spec["target"]["creationPolicy"] == "Owner" else [],
    }
    yield {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": data}


def _followed(item: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """The source and the Kustomization that an instance follows (flux-operator 0.58.1, internal/builder)."""
    spec = item["spec"]
    sync = spec["sync"]
    metadata = {"name": _FLUX, "namespace": _FLUX}
    source = {"interval": sync["interval"], "url": sync["url"], "ref": {"name": sync["ref"]}}
    source |= {"secretRef": {"name": sync["pullSecret"]}} if "pullSecret" in sync else {}
    yield {"apiVersion": SOURCE[0], "kind": SOURCE[1], "metadata": metadata, "spec": source}
    applied = {
        "interval": "10m0s",
        "path": sync["path"],
        "prune": True,
        "sourceRef": {"kind": sync["kind"], "name": _FLUX},
        **({"serviceAccountName": "kustomize-controller"} if spec["cluster"]["multitenant"] else {}),
    }
    yield {"apiVersion": KUSTOMIZATION[0], "kind": KUSTOMIZATION[1], "metadata": metadata, "spec": applied}


def arguments(instance: Mapping[str, Any]) -> tuple[str, ...]:
    """What the operator adds to the command line of kustomize-controller for an instance (internal/builder)."""
    cluster = instance["spec"]["cluster"]
    account = cluster["tenantDefaultServiceAccount"]
    lockdown = ("--no-cross-namespace-refs=true", "--no-remote-bases=true", f"--default-service-account={account}")
    return lockdown if cluster["multitenant"] else ()


def _owner(metadata: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "external-secrets.io/v1",
        "kind": "ExternalSecret",
        "name": metadata["name"],
        "uid": metadata["uid"],
    }


def _condition(kind: str) -> dict[str, Any]:
    return {"type": kind, "status": "True", "reason": "Elsewhere", "message": "done", "lastTransitionTime": _WHEN}


_MADE = {"ExternalSecret": _secret, "FluxInstance": _followed}
