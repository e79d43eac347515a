"""A container has no image.

The API server refuses it. Most often a patch misspells the name of a container: a strategic merge finds its container
by name, so it adds a second one that has nothing but what the patch says.

Fails:

    # pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web

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
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Container, Finding, Pod, Repository, Severity
from scaffold.nearest import near

ID = "missing-image"
SEVERITY = Severity.ERROR
SCOPE = "overlay"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every container of a workload without an image."""
    for overlay in repository.overlays.values():
        for pod in overlay.pods:
            for container in pod.containers:
                if container.name and not container.data.get("image"):
                    fact = f"{pod.named(container)} has no image, so the API server refuses it"
                    message = f"{fact}; {_remedy(pod, container)}"
                    yield Finding(pod.manifest.place(*container.pointer, "name"), ID, message)


def _remedy(pod: Pod, container: Container) -> str:
    others = [other.name for other in pod.containers if other.data.get("image")]
    guess = near(container.name, others)
    if guess:
        return f"did you mean container {guess!r}?"
    return f"add one, or patch a container that is there ({', '.join(others)})" if others else "add one"
