"""One config map of Argo CD, or what a file gives of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from scaffold import parse
from scaffold.model import Place, Pointer

CM, PARAMS, RBAC, NOTIFICATIONS = "argocd-cm", "argocd-cmd-params-cm", "argocd-rbac-cm", "argocd-notifications-cm"
NAMES = frozenset((CM, PARAMS, RBAC, NOTIFICATIONS))


class Within(NamedTuple):
    """A text inside a document, such as a patch in a kustomization, and which document of it is meant."""

    pointer: Pointer
    text: str
    document: int


class Settings(NamedTuple):
    """One config map by the name that Argo CD reads it under; `keys` say where each of its keys stands.

    `source` tells where a place in it really is, if it was made of files.
    """

    name: str
    data: Mapping[str, Any]
    path: str
    document: int
    keys: Mapping[str, Pointer]
    within: Within | None = None
    source: Callable[[Place], Place] | None = None

    def at(self, key: str, *pointer: str | int, at_key: bool = False) -> Place:
        """The place of a key's value, of a line of it, or of the key itself."""
        return self._place((*self.keys[key], *pointer), at_key=at_key)

    def whole(self) -> Place:
        """The place of all its keys."""
        return self._place(next(iter(self.keys.values()), ())[:-1], at_key=True)

    def _place(self, pointer: Pointer, *, at_key: bool) -> Place:
        if self.within is None:
            place = Place(self.path, self.document, pointer, at_key)
            return self.source(place) if self.source else place
        line, _ = parse.locate(self.within.text, self.within.document, pointer, at_key=at_key)
        return Place(self.path, self.document, (*self.within.pointer, line - 1))
