"""The pods that rendered objects make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.model.manifests import Manifest
from scaffold.model.places import Place
from scaffold.model.values import Pointer, mapping, sequence

_TEMPLATE: Pointer = ("spec", "template")
_JOB_TEMPLATE: Pointer = ("spec", "jobTemplate", "spec", "template")
_TEMPLATES: Mapping[str, Pointer] = {
    "/Pod": (),
    "/ReplicationController": _TEMPLATE,
    "apps/DaemonSet": _TEMPLATE,
    "apps/Deployment": _TEMPLATE,
    "apps/ReplicaSet": _TEMPLATE,
    "apps/StatefulSet": _TEMPLATE,
    "argoproj.io/Rollout": _TEMPLATE,
    "batch/CronJob": _JOB_TEMPLATE,
    "batch/Job": _TEMPLATE,
}


class Container(NamedTuple):
    """A container of a pod; `pointer` leads to it from the root of the manifest."""

    data: Mapping[str, Any]
    pointer: Pointer

    @property
    def name(self) -> str:
        return str(self.data.get("name", ""))

    @property
    def is_initial(self) -> bool:
        return self.pointer[-2] == "initContainers"


class Pod(NamedTuple):
    """What an object says of its pods: `template` leads to their metadata and spec."""

    manifest: Manifest
    template: Pointer
    labels: Mapping[str, Any]
    spec: Mapping[str, Any]
    containers: tuple[Container, ...]

    def place(self, *pointer: str | int, at_key: bool = False) -> Place:
        """The place of a field of the pod's spec."""
        return self.manifest.place(*self.template, "spec", *pointer, at_key=at_key)

    def named(self, container: Container) -> str:
        """The subject of a message about one of the containers."""
        return f"{self.manifest.kind} {self.manifest.name!r}, container {container.name!r}"


def of(manifests: Mapping[str, list[Manifest]]) -> Iterator[Pod]:
    """The pods of the manifests of each kind, for the kinds that make any.

    What has no readable container is none: its schema says so, and nothing else follows from it.
    """
    for kind, template in _TEMPLATES.items():
        for manifest in manifests.get(kind, ()):
            data = mapping(manifest.get(*template)) if template else manifest.data
            spec = mapping(data.get("spec"))
            labels = mapping(mapping(data.get("metadata")).get("labels"))
            containers = tuple(_containers(spec, (*template, "spec")))
            if containers:
                yield Pod(manifest, template, labels, spec, containers)


def _containers(spec: Mapping[str, Any], pointer: Pointer) -> Iterator[Container]:
    for name in ("initContainers", "containers"):
        for index, data in enumerate(sequence(spec.get(name))):
            yield Container(mapping(data), (*pointer, name, index))
