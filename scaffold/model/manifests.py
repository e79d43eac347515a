"""A YAML document with apiVersion and kind, as written or as rendered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from scaffold.model.places import Identity, Place
from scaffold.model.values import Pointer, dig, group_of, mapping, sequence, text

_POD_SPECS: tuple[Pointer, ...] = (
    ("spec",),
    ("spec", "template", "spec"),
    ("spec", "jobTemplate", "spec", "template", "spec"),
)


@dataclass(frozen=True)
class Manifest:
    """One YAML document with apiVersion and kind, and where it is; rendered ones carry the overlay they came from.

    `unsteady` is the first field of it that each rendering makes anew.
    """

    data: Mapping[str, Any]
    path: str
    document: int = 0
    overlay: str = ""
    unsteady: Pointer = field(default=(), kw_only=True)

    @property
    def api_version(self) -> str:
        return text(self.data.get("apiVersion"))

    @property
    def kind(self) -> str:
        return text(self.data.get("kind"))

    @property
    def group(self) -> str:
        return group_of(self.api_version)

    @property
    def metadata(self) -> Mapping[str, Any]:
        return mapping(self.data.get("metadata"))

    @property
    def name(self) -> str:
        return text(self.metadata.get("name")) or text(self.metadata.get("generateName"))

    @property
    def namespace(self) -> str:
        return text(self.metadata.get("namespace"))

    @property
    def identity(self) -> Identity:
        return Identity(self.group, self.kind, self.namespace, self.name)

    def get(self, *pointer: str | int) -> Any:
        """The value at a pointer, or None where the path ends early."""
        if len(pointer) == 1:  # as most are, hundreds of thousands of times in a large repository
            key: Any = pointer[0]
            return self.data.get(key)
        return dig(self.data, *pointer)

    def containers(self) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
        """Every container of a pod or of a pod template, with its pointer."""
        for pointer in _POD_SPECS:
            spec = mapping(self.get(*pointer))
            for name in ("initContainers", "containers"):
                for index, container in enumerate(sequence(spec.get(name))):
                    yield (*pointer, name, index), mapping(container)

    def named(self, container: Mapping[str, Any]) -> str:
        """The subject of a message about one of the containers; one of Knative needs no name."""
        name = container.get("name")
        subject = f"{self.kind} {self.name!r}"
        return f"{subject}, container {name!r}" if name else subject

    def place(self, *pointer: str | int, at_key: bool = False) -> Place:
        """The place of a field of this manifest; a field that is absent stands at its nearest parent."""
        identity = self.identity if self.overlay else None
        return Place(self.path, self.document, pointer, at_key, overlay=self.overlay, identity=identity)


class Head(NamedTuple):
    """What is remembered of every manifest without its body."""

    document: int
    api_version: str
    kind: str
    name: str
    namespace: str
    labels: tuple[tuple[str, str], ...] = ()
    annotations: tuple[tuple[str, str], ...] = ()

    @property
    def group(self) -> str:
        return group_of(self.api_version)

    @property
    def identity(self) -> Identity:
        return Identity(self.group, self.kind, self.namespace, self.name)
