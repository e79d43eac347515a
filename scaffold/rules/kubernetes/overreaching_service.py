"""A Service selects pods that do not listen beside those that do.

Every ready pod that the selector fits becomes an endpoint, whatever it runs (Kubernetes 1.37): a worker, or the pod of
a migration, gets a share of the connections and refuses them. A target port by name leaves out the pods without it; one
by number does not. Reported are workloads none of whose containers has a port or a probe over the network, selected by
a Service together with one that has the port, while some label tells the two apart. Headless Services are passed over,
which may list pods for other ends, and so are hooks.

Fails:

    # all.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 8080
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: web
          part: server
      template:
        metadata:
          labels:
            app: web
            part: server
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.0.0
              ports:
                - containerPort: 8080
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web-worker
    spec:
      selector:
        matchLabels:
          app: web
          part: worker
      template:
        metadata:
          labels:
            app: web
            part: worker
        spec:
          containers:
            - name: worker
              image: registry.example.com/web:1.0.0

Passes:

    # all.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
        part: server
      ports:
        - port: 8080
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: web
          part: server
      template:
        metadata:
          labels:
            app: web
            part: server
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.0.0
              ports:
                - containerPort: 8080
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web-worker
    spec:
      selector:
        matchLabels:
          app: web
          part: worker
      template:
        metadata:
          labels:
            app: web
            part: worker
        spec:
          containers:
            - name: worker
              image: registry.example.com/web:1.0.0
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import Confidence, Finding, Manifest, Overlay, Pod, Repository, Severity, dig, mapping, sequence
from scaffold.rules.selecting import selected

ID = "overreaching-service"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_HOOKS = ("argocd.argoproj.io/hook", "helm.sh/hook")
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every Service that selects what does not listen, for the first workload of that kind."""
    for overlay in repository.overlays.values():
        for service in overlay.of("/Service"):
            wanted = mapping(service.get("spec", "selector"))
            ports = _targets(service) if wanted and not overlay.is_partial(service.path) else set()
            if ports and service.get("spec", "clusterIP") != "None" and not _is_external(service):
                yield from _overreaching(overlay, service, wanted, ports)


def _is_external(service: Manifest) -> bool:
    return bool(service.get("spec", "type") == "ExternalName")


def _targets(service: Manifest) -> set[int]:
    """The ports of pods that it names by number."""
    told = (dig(port, "targetPort") or dig(port, "port") for port in sequence(service.get("spec", "ports")))
    return {port for port in told if isinstance(port, int)}


def _overreaching(overlay: Overlay, service: Manifest, wanted: Mapping[str, Any], ports: set[int]) -> Iterator[Finding]:
    pods = selected(overlay, service, {"matchLabels": wanted}) if len(overlay.pods) > 1 else []
    serving = next((pod for pod in pods if _listens(pod) & ports), None)
    if serving is None:
        return
    for pod in pods:
        label = _telling(serving, pod) if _is_deaf(pod) else ""
        if label:
            fact = f"Service {service.name!r} selects the pods of {pod.manifest.kind} {pod.manifest.name!r} too"
            port = min(_listens(serving) & ports)
            why = f"which have no port {port} as those of {serving.manifest.kind} {serving.manifest.name!r} do"
            message = f"{fact}, {why}; select label {label!r} with {serving.labels[label]!r} as well"
            place = service.place("spec", "selector")
            yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject=pod.manifest.name)
            return


def _listens(pod: Pod) -> set[int]:
    ports = (dig(port, "containerPort") for each in pod.containers for port in sequence(each.data.get("ports")))
    return {port for port in ports if isinstance(port, int)}


def _is_deaf(pod: Pod) -> bool:
    """Tell whether nothing says that a workload's pods listen, and no engine runs it as a hook."""
    notes = mapping(pod.manifest.metadata.get("annotations"))
    probed = any(_is_over_network(each.data.get(probe)) for each in pod.containers for probe in _PROBES)
    listening = probed or any(bool(each.data.get("ports")) for each in pod.containers)
    return not listening and not any(hook in notes for hook in _HOOKS)


def _is_over_network(probe: object) -> bool:
    return bool(mapping(probe)) and "exec" not in mapping(probe)


def _telling(serving: Pod, other: Pod) -> str:
    """A label of the pods that listen, which the others do not have so."""
    return next((key for key, value in serving.labels.items() if other.labels.get(key) != value), "")
