"""The mode of files in a volume is written like an octal number, and is a decimal one.

It is an integer, and YAML reads an octal one only with a zero before it: 400 is octal 0620, by which the group may
write a file, and `ssh` takes no such key. Above 0777, which is 511, it is refused.

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
      volumes:
        - name: keys
          secret:
            secretName: web-keys
            defaultMode: 400

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
      volumes:
        - name: keys
          secret:
            secretName: web-keys
            defaultMode: 0400
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scaffold.model import Finding, Pod, Pointer, Repository, Severity, mapping, sequence

ID = "decimal-mode"
SEVERITY = Severity.WARNING
SCOPE = "overlay"
_SOURCES = ("configMap", "downwardAPI", "projected", "secret")
_MOST = 0o777
# Usual modes that are written as decimal numbers, which are not usual ones.
_MISREAD = (400, 440, 444, 500)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every mode that is meant to be octal, or is too large."""
    for overlay in repository.overlays.values():
        for pod in overlay.pods:
            for name, mode, pointer in _modes(pod):
                for fact, severity in _flaws(mode):
                    subject = f"{pod.manifest.kind} {pod.manifest.name!r}, volume {name!r}, {pointer[-1]} {mode}"
                    written = f"write 0{mode}" if set(str(mode)) <= set("01234567") else "write it as 0644 is"
                    yield Finding(pod.place(*pointer), ID, f"{subject} is {fact}; {written}", severity)


def _flaws(mode: int) -> Iterator[tuple[str, Severity]]:
    if mode > _MOST:
        yield f"decimal, octal 0{mode:o}, and is refused as it is above 0777", Severity.ERROR
    elif mode in _MISREAD:
        yield f"decimal, which is octal 0{mode:o}", SEVERITY


def _modes(pod: Pod) -> Iterator[tuple[str, int, Pointer]]:
    for index, volume in enumerate(map(mapping, sequence(pod.spec.get("volumes")))):
        for source in _SOURCES:
            for mode, pointer in _of_source(volume.get(source), ("volumes", index, source)):
                yield str(volume.get("name")), mode, pointer


def _of_source(source: Any, where: Pointer) -> Iterator[tuple[int, Pointer]]:
    data = mapping(source)
    if isinstance(data.get("defaultMode"), int):
        yield data["defaultMode"], (*where, "defaultMode")
    for index, item in enumerate(map(mapping, sequence(data.get("items")))):
        if isinstance(item.get("mode"), int):
            yield item["mode"], (*where, "items", index, "mode")
    for index, inner in enumerate(map(mapping, sequence(data.get("sources")))):
        for name in _SOURCES:
            yield from _of_source(inner.get(name), (*where, "sources", index, name))
