"""A Service leads to a named port that its pods do not have.

The API server takes it, and the Service has no endpoints for that port. Names are looked up in the ports of all
containers of the selected pods; a Service whose pods are not rendered beside it is not looked at.

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

from collections.abc import Iterable, Iterator

from scaffold.model import Finding, Pod, Repository, Severity, dig, is_variable, mapping, sequence
from scaffold.nearest import hint
from scaffold.rules.selecting import selected

ID = "unknown-target-port"
SEVERITY = Severity.ERROR
SCOPE = "overlay"


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


def _named(pods: Iterable[Pod]) -> set[str]:
    ports = (port for pod in pods for item in pod.containers for port in sequence(item.data.get("ports")))
    return {name for name in (dig(port, "name") for port in ports) if isinstance(name, str)}
