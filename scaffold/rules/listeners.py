"""Listeners of Gateways (Gateway API 1.4): which hosts they are for, and what their certificates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.assemble import bodies
from scaffold.assemble.bodies import Kept
from scaffold.model import Pointer, Repository, dig, is_variable, mapping, sequence
from scaffold.model.values import text
from scaffold.rules import certified
from scaffold.rules.certified import Names

GROUP = "gateway.networking.k8s.io"
_ISSUED = ("cert-manager.io/issuer", "cert-manager.io/cluster-issuer")


class Listener(NamedTuple):
    """A listener of a Gateway that ends TLS: its hostname, empty for any, and what its certificates are for."""

    gateway: Kept
    name: str
    port: object
    host: str
    pointer: Pointer
    certificates: tuple[Names, ...]

    def certifies(self, host: str) -> bool:
        """Tell whether one of the certificates is for a host."""
        return any(certified.covers(name, host) for each in self.certificates for name in each.names)


def meet(one: str, other: str) -> bool:
    """Tell whether some host fits both hostnames; a star is for one part or several, and none at all for any host."""
    one, other = one.lower(), other.lower()
    return not one or not other or one == other or _is_in(one, other) or _is_in(other, one)


def _is_in(host: str, wild: str) -> bool:
    return wild.startswith("*.") and host.endswith(wild[1:])


def ending_tls(repository: Repository, kept: Kept) -> Iterator[Listener]:
    """The listeners of a Gateway that end TLS; what the certificates of one are for is empty where not all is told."""
    entries = list(map(mapping, sequence(kept.manifest.get("spec", "listeners"))))
    for index, entry in enumerate(entries):
        mode = dig(entry, "tls", "mode") or "Terminate"
        if entry.get("protocol") in ("HTTPS", "TLS") and mode == "Terminate":
            references = sequence(dig(entry, "tls", "certificateRefs"))
            told = [_referred(repository, kept, entries, mapping(reference)) for reference in references]
            names = tuple(each for each in told if each) if all(told) else ()
            pointer: Pointer = ("spec", "listeners", index)
            name, host = text(entry.get("name")), text(entry.get("hostname"))
            yield Listener(kept, name, entry.get("port"), host, pointer, names)


def _referred(
    repository: Repository, kept: Kept, entries: list[Mapping[str, Any]], reference: Mapping[str, Any]
) -> Names | None:
    """What a certificate is for that a listener refers to; that of an annotated Gateway is for all its listeners."""
    namespace = text(reference.get("namespace")) or kept.item.namespace
    if reference.get("group") or reference.get("kind", "Secret") != "Secret":
        return None
    notes = mapping(kept.manifest.metadata.get("annotations"))
    own = [text(e.get("hostname")) for e in entries if reference in sequence(dig(e, "tls", "certificateRefs"))]
    if any(key in notes for key in _ISSUED) and all(own) and not any(map(is_variable, own)):
        place = bodies.beside(repository, kept, "spec", "listeners")
        return Names(frozenset(own), f"the listeners of Gateway {kept.item.name!r}", place)
    return certified.of_secret(repository, kept.overlay, namespace, reference.get("name"))
