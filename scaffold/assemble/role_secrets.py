"""The Secrets that roles of PostgreSQL take their passwords from, and the usernames that Secrets have."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from scaffold.assemble import references
from scaffold.model import Identity, Manifest, Overlay, Pointer, dig, sequence

_CLUSTER, _ROLE = "postgresql.cnpg.io/Cluster", "postgresql.cnpg.io/DatabaseRole"
KINDS = (_CLUSTER, _ROLE)
_NAME = re.compile(r"[a-z_][a-z\d_-]*")  # and not a placeholder, or what a variable, a template or SOPS fills in
_USER = "username"
# Where kinds say which username their Secret has; a template of External Secrets takes the place of what is fetched.
_TOLD: dict[str, tuple[Pointer, ...]] = {
    "/Secret": (("stringData", _USER), ("data", _USER)),
    "bitnami.com/SealedSecret": (("spec", "template", "data", _USER),),
    "external-secrets.io/ExternalSecret": (("spec", "target", "template", "data", _USER),),
}
_HIDING = (("spec", "encryptedData", _USER), ("spec", "target", "template", "templateFrom"))


class Taken(NamedTuple):
    """A role, and where the Secret is named that its password is taken from."""

    role: str
    secret: str
    pointer: Pointer


class User(NamedTuple):
    """The username of a Secret, and where it is told."""

    name: str
    manifest: Manifest
    pointer: Pointer


def taken(manifest: Manifest) -> Iterator[Taken]:
    """The passwords of roles that are there, and that CloudNativePG takes from Secrets."""
    if manifest.kind == "DatabaseRole":
        yield from _one(manifest, ("spec",), manifest.get("spec", "name"), "passwordSecret")
        return
    for index, role in enumerate(sequence(manifest.get("spec", "managed", "roles"))):
        if dig(role, "ensure") != "absent" and dig(role, "disablePassword") is not True:
            yield from _one(manifest, ("spec", "managed", "roles", index), dig(role, "name"), "passwordSecret")
    first = manifest.get("spec", "bootstrap", "initdb")
    owner = dig(first, "owner") or dig(first, "database") or "app"
    yield from _one(manifest, ("spec", "bootstrap", "initdb"), owner, "secret")


def _one(manifest: Manifest, where: Pointer, role: Any, field: str) -> Iterator[Taken]:
    pointer = (*where, field, "name")
    secret = manifest.get(*pointer)
    if isinstance(role, str) and isinstance(secret, str) and _NAME.fullmatch(role):
        yield Taken(role, secret, pointer)


def users(overlay: Overlay) -> dict[Identity, User]:
    """The usernames of the Secrets of an overlay that one object alone makes, where they are told."""
    found: dict[Identity, list[User | None]] = {}
    for manifest in overlay.manifests:
        own = [manifest.identity] if (manifest.group, manifest.kind) == ("", "Secret") else []
        for identity in (*own, *references.makes(manifest)):
            found.setdefault(identity, []).append(_user(manifest))
    return {identity: told[0] for identity, told in found.items() if len(told) == 1 and told[0]}


def _user(manifest: Manifest) -> User | None:
    sort = f"{manifest.group}/{manifest.kind}"
    if any(manifest.get(*pointer) is not None for pointer in _HIDING):
        return None
    for pointer in _TOLD.get(sort, ()):
        value = manifest.get(*pointer)
        name = _decoded(value) if pointer[0] == "data" else value
        if isinstance(name, str):
            return User(name.strip(), manifest, pointer) if _NAME.fullmatch(name.strip()) else None
    return None


def _decoded(value: Any) -> str | None:
    try:
        return base64.b64decode(value, validate=True).decode() if isinstance(value, str) else None
    except ValueError:
        return None
