"""Secrets by which Argo CD knows a repository or a cluster for one project, without what is secret in them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.load.kept import parts
from scaffold.model import Scoped, dig, mapping
from scaffold.model.values import is_encrypted, is_templated

_LABEL = "argocd.argoproj.io/secret-type"
_KINDS = ("repository", "cluster")
_ANY = "*"  # where what is told cannot be read


def scoped(documents: list[Any]) -> Iterator[Scoped]:
    """Each one that names a project, be it written down or the template of an ExternalSecret."""
    for part in (part for document in documents for part in parts(document)):
        kind, template = part.get("kind"), mapping(dig(part, "spec", "target", "template"))
        if kind == "Secret":
            yield from _of(part, {**_decoded(mapping(part.get("data"))), **mapping(part.get("stringData"))})
        elif kind in ("ExternalSecret", "ClusterExternalSecret") and template:
            yield from _of(template, mapping(template.get("data")))


def _of(secret: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[Scoped]:
    kind = mapping(dig(secret, "metadata", "labels")).get(_LABEL)
    if kind in _KINDS and told.get("project"):
        address = _read(told.get("url" if kind == "repository" else "server"))
        namespaces = str(told.get("namespaces") or "")
        named = tuple(name.strip() for name in namespaces.split(",") if name.strip())
        yield Scoped(str(kind), _read(told["project"]), address, tuple(map(_read, named)) or (_ANY,))


def _read(value: object) -> str:
    """A text, or what stands for any where it is encrypted or yet to be filled in."""
    return _ANY if not isinstance(value, str) or is_encrypted(value) or is_templated(value) or "${" in value else value


def _decoded(data: Mapping[str, Any]) -> dict[str, Any]:
    return {str(key): _plain(value) for key, value in data.items()}


def _plain(value: object) -> object:
    try:
        return base64.b64decode(str(value), validate=True).decode()
    except (binascii.Error, ValueError):
        return value
