"""Where something is: by structure, by line and column, or as the API server tells objects apart."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from scaffold.model.values import Pointer


class Identity(NamedTuple):
    """What the API server tells objects apart by; the version is no part of it."""

    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        where = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.kind} {where}"


class Place(NamedTuple):
    """A place named by structure; validate turns it into a Location when a finding needs one.

    With `overlay` set, the pointer is into a rendered manifest (`identity`) of that overlay, and the location is that
    of the source that set the field. With `line` set, the place is already known.
    """

    path: str
    document: int = 0
    pointer: Pointer = ()
    at_key: bool = False
    line: int = 0
    column: int = 0
    overlay: str = ""
    identity: Identity | None = None


class Location(NamedTuple):
    """A place in a file; line and column count from 1."""

    path: str
    line: int
    column: int


NOWHERE = Place("")


def above(path: str) -> list[str]:
    """The directories that a file is in, the topmost first; the root is none of them."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]


def nearness(one: str, other: str) -> int:
    """How near two paths stand, to be compared with that of other paths to the same one; more is nearer."""
    return len(posixpath.commonpath((f"/{one}", f"/{other}")))
