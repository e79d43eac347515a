"""What the certificates of cert-manager are for, by the Secrets that hold them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from scaffold.assemble import bodies
from scaffold.assemble.bodies import Kept
from scaffold.model import Overlay, Place, Repository, is_variable, sequence
from scaffold.model.values import text

_CERTIFICATE = "cert-manager.io/Certificate"


class Names(NamedTuple):
    """The names of a certificate, and by what they are said, and where."""

    names: frozenset[str]
    said: str
    place: Place


def _certificates(repository: Repository) -> Mapping[tuple[str, str], list[Kept]]:
    """The Certificates by the Secret that they make, none where something else makes it, too."""
    found: dict[tuple[str, str], list[Kept]] = {}
    for kept in bodies.of(repository, _CERTIFICATE):
        name = text(kept.manifest.get("spec", "secretName"))
        found.setdefault((kept.item.namespace, name), []).append(kept)
    every = (item for overlay in repository.overlays.values() for item in overlay.objects if item.kind != "Certificate")
    for identity in (identity for item in every for identity in (item.identity, *item.makes)):
        if identity.kind == "Secret":
            found.pop((identity.namespace, identity.name), None)
            found.pop(("", identity.name), None)
    return found


def of_secret(repository: Repository, overlay: Overlay, namespace: str, secret: object) -> Names | None:
    """What the Certificates that make a Secret are for; None where that is not told."""
    there = repository.once(_certificates).get((namespace, text(secret)), ()) if namespace else ()
    met = [kept for kept in there if bodies.meet(repository, overlay, kept.overlay)]
    if not met or any(_is_open(kept) for kept in met):
        return None
    names = frozenset(str(name) for kept in met for name in _dns_names(kept))
    return Names(names, f"Certificate {met[0].item.name!r}", bodies.beside(repository, met[0], "spec", "dnsNames"))


def _dns_names(kept: Kept) -> list[Any]:
    common = kept.manifest.get("spec", "commonName")
    return [*sequence(kept.manifest.get("spec", "dnsNames")), *([common] if common else [])]


def _is_open(kept: Kept) -> bool:
    """Tell whether a Certificate may have names that are not read: those in variables, in literal subjects, in none."""
    names = _dns_names(kept)
    return not names or any(not isinstance(name, str) or is_variable(name) for name in names)


def covers(name: str, host: str) -> bool:
    """Tell whether a certificate's name, of which the first part may be a star, is that of a host."""
    return name.lower() == host.lower() or (
        name.startswith("*.") and name[1:].lower() == host[host.find(".") :].lower()
    )
