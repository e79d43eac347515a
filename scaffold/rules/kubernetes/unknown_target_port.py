"""A Service leads to a named port that its pods do not have, or a NetworkPolicy lets in to one.

The API server takes it, and the Service has no endpoints for that port, or the policy opens none by it. Names are
looked up in the ports of all containers of the selected pods; a Service, or a policy, whose pods are not rendered
beside it is not looked at, nor a policy for pods of several workloads, or by none of the labels that the workload
itself selects them by, as others elsewhere may have them too, nor ports of a mesh, whose containers are put in later.

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
        - port: 80
          targetPort: htpp
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
            app: web
      template:
        metadata:
          labels:
              app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.0.0
              ports:
                - name: http
                  containerPort: 8080

Passes:

    # all.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 80
          targetPort: http
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
            app: web
      template:
        metadata:
          labels:
              app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.0.0
              ports:
                - name: http
                  containerPort: 8080
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scaffold.model import Finding, Manifest, Overlay, Pod, Repository, Severity, dig, is_variable, mapping, sequence
from scaffold.nearest import hint
from scaffold.rules.listed import ANY, values
from scaffold.rules.selecting import is_of_mesh, selected

ID = "unknown-target-port"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_OPENED = ("spec", "ingress", ANY, "ports", ANY, "port")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every named target port that none of the selected pods has."""
    for overlay in repository.overlays.values():
        for service in overlay.of("/Service"):
            selector = mapping(service.get("spec", "selector"))
            pods = selected(overlay, service, {"matchLabels": selector}) if selector else []
            for index, port in enumerate(sequence(service.get("spec", "ports")) if pods else ()):
                name = dig(port, "targetPort")
                known = _named(pods)
                if isinstance(name, str) and not (name.isdigit() or is_variable(name) or name in known):
                    fact = f"Service {service.name!r} leads to port {name!r}, which no container of its pods has"
                    place = service.place("spec", "ports", index, "targetPort")
                    yield Finding(place, ID, f"{fact}; {hint(name, known)}")
        for policy in overlay.of("networking.k8s.io/NetworkPolicy"):
            yield from _of_policy(overlay, policy)


def _of_policy(overlay: Overlay, policy: Manifest) -> Iterator[Finding]:
    """Yield every named port that a policy lets others in to, and none of the pods has that it is for."""
    selector = mapping(policy.get("spec", "podSelector"))
    pods = selected(overlay, policy, selector)
    known = _named(pods)
    for pointer, name in values(policy.data, _OPENED) if _is_one(pods, selector) else ():
        if isinstance(name, str) and not (name.isdigit() or is_variable(name) or name in known or is_of_mesh(name)):
            fact = f"NetworkPolicy {policy.name!r} opens port {name!r}, which no container of its pods has"
            yield Finding(policy.place(*pointer), ID, f"{fact}; {hint(name, known)}")


def _is_one(pods: list[Pod], selector: Mapping[str, Any]) -> bool:
    """Tell whether pods are of one workload, and selected by a label by which that tells its pods from others."""
    if len({(pod.manifest.kind, pod.manifest.name) for pod in pods}) != 1:
        return False
    own = mapping(pods[0].manifest.get("spec", "selector", "matchLabels"))
    return any(own.get(key) == value for key, value in mapping(selector.get("matchLabels")).items())


def _named(pods: Iterable[Pod]) -> set[str]:
    ports = (port for pod in pods for item in pod.containers for port in sequence(item.data.get("ports")))
    return {name for name in (dig(port, "name") for port in ports) if isinstance(name, str)}
