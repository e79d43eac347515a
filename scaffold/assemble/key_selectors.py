"""The keys of Secrets that objects of operators ask for by name and key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.assemble.config_keys import Asked
from scaffold.model import Identity, Manifest, Pointer, mapping, sequence

# Where a kind tells what it takes out of Secrets.
_HELD: Mapping[str, tuple[Pointer, ...]] = {
    "barmancloud.cnpg.io/ObjectStore": (("spec", "configuration"),),
    "cert-manager.io/ClusterIssuer": (("spec",),),
    "cert-manager.io/Issuer": (("spec",),),
    "external-secrets.io/ClusterSecretStore": (("spec", "provider"),),
    "external-secrets.io/SecretStore": (("spec", "provider"),),
    "k8up.io/Backup": (("spec", "backend"),),
    "k8up.io/Schedule": (("spec", "backend"),),
    "postgresql.cnpg.io/Cluster": (("spec", "backup"), ("spec", "externalClusters")),
}
KINDS = tuple(_HELD)
_WIDE = ("ClusterIssuer", "ClusterSecretStore")  # which have no namespace of their own
_ISSUING = "cert-manager"  # where a ClusterIssuer has its Secrets, unless an option of the controller says otherwise
_OWN = frozenset(("config", "privateKeySecretRef"))  # what a webhook reads in its own way, and what is made by itself
_REFERRING = ("secretref", "keyref", "credentials", "cert", "password")
_FIELDS = frozenset(("key", "name", "namespace"))


def asked(manifest: Manifest) -> Iterator[Asked]:
    """The keys without which an object of one of the kinds `KINDS` does not get ready, each once."""
    for start in _HELD[f"{manifest.group}/{manifest.kind}"]:
        pending: list[tuple[Pointer, Any, bool]] = [(start, manifest.get(*start), False)]
        while pending:
            where, value, told = pending.pop()
            held = mapping(value)
            if told and held.keys() <= _FIELDS and isinstance(held.get("name"), str):
                yield from _one(manifest, where, held)
                continue
            for key, inner in _parts(value):
                if key not in _OWN:
                    pending.append(((*where, key), inner, told or str(key).lower().endswith(_REFERRING)))


def _parts(value: Any) -> Iterator[tuple[str | int, Any]]:
    yield from ((str(key), inner) for key, inner in mapping(value).items())
    yield from enumerate(sequence(value))


def _one(manifest: Manifest, where: Pointer, held: Mapping[str, Any]) -> Iterator[Asked]:
    key = held.get("key")
    if isinstance(key, str) and key:
        for namespace in _namespaces(manifest, held):
            yield Asked(Identity("", "Secret", namespace, str(held["name"])), key, (*where, "key"))


def _namespaces(manifest: Manifest, held: Mapping[str, Any]) -> tuple[str, ...]:
    """Where the Secret is; one without a namespace goes where the issuer beside it is sent along with it."""
    if manifest.kind == "ClusterIssuer":
        return ("", _ISSUING)
    if manifest.kind not in _WIDE:
        return (manifest.namespace,)
    return (held["namespace"],) if isinstance(held.get("namespace"), str) else ()
