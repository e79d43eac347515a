"""A container mounts a volume that its pod does not have.

The API server refuses it: "volumeMounts[0].name: Not found". The claims of a StatefulSet's `volumeClaimTemplates` are
volumes too.

Fails:

    # pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      volumes:
        - name: cache
          emptyDir: {}
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
          volumeMounts:
            - name: cahce
              mountPath: /cache

Passes:

    # pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      volumes:
        - name: cache
          emptyDir: {}
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
          volumeMounts:
            - name: cache
              mountPath: /cache
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Pod, Repository, Severity, dig, is_variable, sequence
from scaffold.nearest import near

ID = "missing-volume"
SEVERITY = Severity.ERROR
SCOPE = "overlay"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every mount without its volume."""
    for overlay in repository.overlays.values():
        for pod in overlay.pods:
            yield from _missing(pod)


def _missing(pod: Pod) -> Iterator[Finding]:
    known: set[str] | None = None
    for container in pod.containers:
        for field in ("volumeMounts", "volumeDevices"):
            for index, mount in enumerate(sequence(container.data.get(field))):
                known = _volumes(pod) if known is None else known
                name = dig(mount, "name")
                if isinstance(name, str) and name not in known and not is_variable(name):
                    guess = near(name, known)
                    remedy = f"did you mean {guess!r}?" if guess else "add the volume"
                    fact = f"{pod.named(container)} mounts volume {name!r}, which the pod does not have"
                    place = pod.manifest.place(*container.pointer, field, index, "name")
                    yield Finding(place, ID, f"{fact}; {remedy}", guess=guess)


def _volumes(pod: Pod) -> set[str]:
    volumes = (dig(volume, "name") for volume in sequence(pod.spec.get("volumes")))
    claims = (dig(c, "metadata", "name") for c in sequence(pod.manifest.get("spec", "volumeClaimTemplates")))
    return {name for name in (*volumes, *claims) if isinstance(name, str)}
