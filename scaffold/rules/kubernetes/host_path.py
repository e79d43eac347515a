"""A pod mounts a directory of its node.

It can read or change what the node and other pods keep there, and finds something else on the next node. The Pod
Security levels `baseline` and `restricted` refuse the pod.

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
          volumes:
            - name: data
              hostPath:
                path: /var/lib/web
          containers:
            - name: web
              image: registry.example.com/web:1.0.0

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
          volumes:
            - name: data
              emptyDir: {}
          containers:
            - name: web
              image: registry.example.com/web:1.0.0
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity, dig, sequence

ID = "host-path"
SEVERITY = Severity.WARNING
SCOPE = "overlay"
PROFILES = ("security",)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every volume that is a directory of the node."""
    for overlay in repository.overlays.values():
        for pod in overlay.pods:
            for index, volume in enumerate(sequence(pod.spec.get("volumes"))):
                path = dig(volume, "hostPath", "path")
                if path:
                    fact = f"{pod.manifest.kind} {pod.manifest.name!r} mounts {path!r} of its node"
                    place = pod.place("volumes", index, "hostPath", "path")
                    yield Finding(place, ID, f"{fact}; use a claim or an emptyDir", SEVERITY)
