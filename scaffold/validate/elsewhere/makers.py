"""What makes objects that no file shows: operators, releases of charts, and overlays that could not be built."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from scaffold.assemble.references import GENERATED, KYVERNO, RELEASED
from scaffold.model import Identity, Overlay, RenderedObject, group_of
from scaffold.validate.elsewhere.kinds import (
    IN_OWN_NAMESPACE,
    MAKING_NONE,
    MAKING_NONE_OF,
    MAKING_SECRETS,
    NAMING_AFTER,
)


class Spot(NamedTuple):
    """Where an overlay is, each part empty where nobody knows; clusters of one `plane` alone are comparable."""

    environment: str = ""
    plane: str = ""
    cluster: str = ""

    def meets(self, other: Spot) -> bool:
        """Tell whether objects of two overlays may be in one cluster."""
        return same(self.environment, other.environment) and (
            self.plane != other.plane or same(self.cluster, other.cluster)
        )


class Maker(NamedTuple):
    """What may make objects that are called after it; `reads` are the files of one that could not be built.

    One with a namespace makes them in that alone.
    """

    name: str
    spot: Spot
    reads: tuple[str, ...] = ()
    namespace: str = ""

    def is_met(self, wanted: Identity, spot: Spot, reads: Iterable[str]) -> bool:
        """Tell whether what it makes is met: by no other environment, and not by what is built of the same files."""
        there = spot.meets(self.spot) and same(wanted.namespace, self.namespace)
        return there and frozenset(self.reads).isdisjoint(reads)


class Makers:
    """Those of a repository, with the namespaces in which objects of any name may be."""

    def __init__(self) -> None:
        self._makers: set[Maker] = set()
        self._secretive: set[Maker] = set()  # what makes Secrets alone
        self._unbounded: set[str] = set()
        self._with_secrets: set[str] = set()  # where Secrets alone may be of any name

    def add(self, item: RenderedObject, spot: Spot) -> None:
        """Take note of an object, which may be none that makes others."""
        group = group_of(item.api_version)
        if "." not in group or group.endswith(".k8s.io") or _is_idle(group, item):
            return
        secretive = item.kind in MAKING_SECRETS
        own = secretive or group in NAMING_AFTER or group in IN_OWN_NAMESPACE
        if item.name:
            maker = Maker(item.name, spot, namespace=_told(item.namespace) if own else "")
            (self._secretive if secretive else self._makers).add(maker)
        if group not in NAMING_AFTER:
            released = {identity.namespace for identity in item.makes if identity.kind == RELEASED}
            namespaces = map(_told, released or {item.namespace if own else ""})
            (self._with_secrets if secretive else self._unbounded).update(namespaces)

    def add_unbuilt(self, overlay: Overlay, spot: Spot) -> None:
        """Take note of an overlay of which nobody knows what it makes."""
        names = {overlay.application, overlay.path.rpartition("/")[2]} - {""}
        self._makers |= {Maker(name, spot, overlay.reads) for name in names}
        self._unbounded.add("")

    def of(self, wanted: Identity) -> set[Maker]:
        """Those that may make objects of a kind."""
        return self._makers | self._secretive if wanted.kind == "Secret" else self._makers

    def all_told(self, wanted: Identity) -> bool:
        """Tell whether nothing makes objects of a kind, under any name, in a namespace."""
        secretive: set[str] = self._with_secrets if wanted.kind == "Secret" else set()
        unbounded, namespace = self._unbounded | secretive, wanted.namespace
        return unbounded.isdisjoint(("", namespace)) and (bool(namespace) or not unbounded)


def same(one: str, other: str) -> bool:
    """Tell whether two names are the same, or one is not told."""
    return not one or not other or one == other


def _told(namespace: str) -> str:
    return "" if "${" in namespace else namespace


def _is_idle(group: str, item: RenderedObject) -> bool:
    """Tell whether an object makes none that others name."""
    if group == KYVERNO and item.kind.endswith("Policy"):
        return not any(identity.kind == GENERATED for identity in item.makes)
    return group in MAKING_NONE or item.kind in MAKING_NONE_OF.get(group, ())
