"""A container requests more of a resource than its limit.

The API server refuses it: "must be less than or equal to memory limit". A patch that lowers a limit has to lower the
request too.

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
          resources:
            requests:
              memory: 256Mi
            limits:
              memory: 128Mi

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
          resources:
            requests:
              memory: 128Mi
            limits:
              memory: 128Mi
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Container, Finding, Pod, Repository, Severity, mapping, quantity

ID = "request-above-limit"
SEVERITY = Severity.ERROR
SCOPE = "overlay"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every request that is greater than its limit."""
    for overlay in repository.overlays.values():
        for pod in overlay.pods:
            for container in pod.containers:
                if "resources" in container.data:
                    yield from _above(pod, container)


def _above(pod: Pod, container: Container) -> Iterator[Finding]:
    resources = mapping(container.data["resources"])
    limits = mapping(resources.get("limits"))
    for name, request in mapping(resources.get("requests")).items():
        wanted, most = quantity(request), quantity(limits.get(name))
        if wanted is not None and most is not None and wanted > most:
            fact = f"{pod.named(container)} requests {request} {name} with a limit of {limits[name]}"
            message = f"{fact}, which the API server refuses; raise the limit or lower the request"
            yield Finding(pod.manifest.place(*container.pointer, "resources", "limits", name), ID, message)
