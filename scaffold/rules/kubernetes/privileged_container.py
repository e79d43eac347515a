"""A container runs privileged.

It has every right on its node: whoever breaks out of the program owns the node, and the Pod Security levels `baseline`
and `restricted` refuse the pod.

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
              securityContext:
                privileged: true

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
              securityContext:
                privileged: false
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity, dig

ID = "privileged-container"
SEVERITY = Severity.WARNING
SCOPE = "overlay"
PROFILES = ("security",)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every container that runs privileged."""
    for overlay in repository.overlays.values():
        for pod in overlay.pods:
            for container in pod.containers:
                if dig(container.data, "securityContext", "privileged") is True:
                    message = f"{pod.named(container)} runs privileged; name the capabilities that it needs instead"
                    place = pod.manifest.place(*container.pointer, "securityContext", "privileged")
                    yield Finding(place, ID, message, SEVERITY)
