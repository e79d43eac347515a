"""What nothing names among the objects of a cluster of Flux, though one of them was probably meant."""

from __future__ import annotations

from collections.abc import Container

from scaffold.assemble.flux.presence import Presence
from scaffold.model.flux import Reference
from scaffold.nearest import is_akin


def spare(known: Presence, wanted: Reference, named: Container[Reference]) -> str:
    """The only object that none of some references names, and that is called as is asked for but for a word."""
    if known.has(wanted) or not wanted.is_literal:
        return ""
    names = known.names(wanted.kind, wanted.namespace)
    akin = [name for name in names if is_akin(name, wanted.name, wanted.kind.lower())]
    free = [name for name in akin if Reference(wanted.kind, wanted.namespace, name) not in named]
    return free[0] if len(free) == 1 else ""
