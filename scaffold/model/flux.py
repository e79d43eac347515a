"""What Flux will have: its clusters, what each is told to build, and with which variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from scaffold.model.manifests import Manifest
from scaffold.model.places import Identity, Place
from scaffold.model.values import Pointer, dig, text

SYNC = ("kustomize.toolkit.fluxcd.io", "Kustomization")


@dataclass(frozen=True)
class Variables:
    """What is substituted; a value is None where it is there but not to be read, as in an encrypted Secret.

    `complete` tells that there can be no others, `strict` that one that is not set stops the build; else it is empty.
    `misnamed` are the keys of objects that are no names of variables, each with its place, `given` what objects say of
    all variables, those that the Kustomization itself sets otherwise too. Where several Kustomizations build the same
    directory, `elsewhere` has the first cluster that sets each variable, and `common` are those that all of them set.
    """

    values: Mapping[str, str | None] = field(default_factory=dict)
    complete: bool = True
    strict: bool = True
    misnamed: Mapping[str, Place] = field(default_factory=dict)
    given: Mapping[str, str | None] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    common: tuple[str, ...] = ()

    def is_known(self, name: str) -> bool:
        """Tell whether files say what a variable is, or that it is not set."""
        return self.values[name] is not None if name in self.values else self.complete


class Refusal(NamedTuple):
    """Why the variables of a rendered object are not substituted: the expression, and the variable that is not set.

    Where it does not stop the build, the variable is empty there.
    """

    identity: Identity
    reason: str
    name: str
    expression: str
    pointer: Pointer = ("kind",)
    stops: bool = True


class Reference(NamedTuple):
    """What one object of Flux says of another: `namespace` is the object's own where nothing is said."""

    kind: str
    namespace: str
    name: str

    @property
    def is_literal(self) -> bool:
        """Tell whether no variable hides what is meant."""
        return bool(self.name) and "${" not in f"{self.kind}{self.namespace}{self.name}"

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"


@dataclass(frozen=True)
class Sync:
    """A Kustomization of Flux as its cluster has it.

    `path` is relative to this repository, without the beginning `./`. `here` tells that its source is this repository,
    or one beside it, which stands in `home`; then `present` tells whether the source leaves the path there, and
    `ignored` which references of it the source leaves out. `overlay` is the name of what is built, empty where nothing
    is.
    """

    manifest: Manifest
    path: str
    here: bool
    present: bool = True
    overlay: str = ""
    ignored: tuple[str, ...] = ()
    home: str = ""

    @property
    def reference(self) -> Reference:
        return Reference("Kustomization", self.manifest.namespace, self.manifest.name)

    @property
    def source(self) -> Reference:
        return referred(self.manifest, "spec", "sourceRef")


@dataclass(frozen=True)
class FluxCluster:
    """What one cluster is told: the directory that it begins with, its objects of Flux, what those build.

    `objects` stand at the places of their own files, with what the Kustomization above them changes; `made` are those
    that controllers make of others. `source` is the one that the cluster begins with. `unknown` says why there may be
    objects that files do not tell. `forbids` may hold `references` to other namespaces, and `remote-bases`. A cluster
    without `syncs` is only a part of one: what begins it stands in another repository.
    """

    name: str
    objects: tuple[Manifest, ...] = ()
    syncs: tuple[Sync, ...] = ()
    source: Reference | None = None
    made: tuple[Reference, ...] = ()
    unknown: tuple[str, ...] = ()
    forbids: frozenset[str] = frozenset()

    def of_kinds(self, *kinds: str) -> Iterator[Manifest]:
        """The objects of Flux of some kinds."""
        return (manifest for manifest in self.objects if manifest.kind in kinds and is_flux(manifest.group))


def is_flux(group: str) -> bool:
    """Tell whether an API group is one of Flux or its operator."""
    return group.endswith((".fluxcd.io", "fluxcd.controlplane.io"))


def referred(manifest: Manifest, *pointer: str | int, kind: str = "") -> Reference:
    """The object that a reference at a pointer means; `kind` is that of references which do not say it."""
    return _referred(manifest.data, manifest.namespace, pointer, kind)


def _referred(data: Mapping[str, Any], namespace: str, pointer: Pointer, kind: str) -> Reference:
    item = dig(data, *pointer)
    said = (text(dig(item, key)) for key in ("kind", "namespace", "name"))
    found, where, name = said
    return Reference(found or kind, where or namespace, name)
