"""A probe or a hook asks a named port that its container does not have.

The API server takes it, and every try fails: the container is never ready, or is restarted again and again. The kubelet
looks in the ports of that container only.

Fails:

    # deployment.yaml
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
              readinessProbe:
                httpGet:
                  path: /ready
                  port: htpp

Passes:

    # deployment.yaml
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
              readinessProbe:
                httpGet:
                  path: /ready
                  port: http
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Container, Finding, Pod, Pointer, Repository, Severity, dig, is_variable, sequence
from scaffold.nearest import hint

ID = "unknown-probe-port"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_ASKING: tuple[Pointer, ...] = (
    ("livenessProbe",),
    ("readinessProbe",),
    ("startupProbe",),
    ("lifecycle", "postStart"),
    ("lifecycle", "preStop"),
)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every named port of a probe or a hook that its container does not have."""
    for overlay in repository.overlays.values():
        for pod in overlay.pods:
            for container in pod.containers:
                yield from _unknown(pod, container)


def _unknown(pod: Pod, container: Container) -> Iterator[Finding]:
    for asking in _ASKING:
        for how in ("httpGet", "tcpSocket"):
            name = dig(container.data, *asking, how, "port")
            if not isinstance(name, str) or name.isdigit() or is_variable(name):
                continue
            known = {str(dig(port, "name")) for port in sequence(container.data.get("ports")) if dig(port, "name")}
            if name not in known:
                fact = f"{pod.named(container)}, {asking[-1]} asks port {name!r}, which the container does not have"
                place = pod.manifest.place(*container.pointer, *asking, how, "port")
                yield Finding(place, ID, f"{fact}; {hint(name, known)}")
