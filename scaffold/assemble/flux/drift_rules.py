"""What a Kustomization leaves as it is in the cluster: the rules of its `spec.ignore`, as Flux 2.9 reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from scaffold.expand import regexes
from scaffold.model import Identity, Manifest, mapping, sequence


class Item(Protocol):
    """An object of which it is known what it is."""

    @property
    def api_version(self) -> str: ...

    @property
    def identity(self) -> Identity: ...


def of(sync: Manifest) -> Iterator[tuple[Mapping[str, Any], tuple[str, ...]]]:
    """What each rule selects, with nothing for everything, and the JSON pointers that it ignores there."""
    for entry in map(mapping, sequence(sync.get("spec", "ignore"))):
        yield mapping(entry.get("target")), tuple(map(str, sequence(entry.get("paths"))))


def selects(target: Mapping[str, Any], item: Item) -> bool:
    """Tell whether a rule may be about an object: each field is an expression for the whole, labels may be any."""
    group, kind, namespace, name = item.identity
    version = item.api_version.rpartition("/")[2]
    told = {"group": group, "version": version, "kind": kind, "namespace": namespace, "name": name}
    return all(regexes.fits(str(target[field]), value) for field, value in told.items() if target.get(field))
