"""A pod shares a namespace of its node.

With `hostNetwork` it listens on the node's addresses and no NetworkPolicy applies, with `hostPID` and `hostIPC` it sees
the node's processes and their memory. The Pod Security levels `baseline` and `restricted` refuse the pod.

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
          hostNetwork: true
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
          hostNetwork: false
          containers:
            - name: web
              image: registry.example.com/web:1.0.0
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity

ID = "host-namespace"
SEVERITY = Severity.WARNING
SCOPE = "overlay"
PROFILES = ("security",)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every namespace that a pod shares with its node."""
    for overlay in repository.overlays.values():
        for pod in overlay.pods:
            for field in ("hostNetwork", "hostPID", "hostIPC"):
                if pod.spec.get(field) is True:
                    fact = f"{pod.manifest.kind} {pod.manifest.name!r} shares its node's namespace with field {field!r}"
                    yield Finding(pod.place(field), ID, f"{fact}; remove it", SEVERITY)
