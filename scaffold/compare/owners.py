"""Whose an overlay is: the team and the environment of the application that it is, or whose objects of Flux it has."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from scaffold.model import Overlay, Repository


class Owner(NamedTuple):
    """A team in an environment, the team empty where nothing says it."""

    team: str
    environment: str


NOBODY = Owner("", "")


def owners(*sides: Repository) -> dict[str, Owner]:
    """By the name of an overlay, whose it is in one of some states; what is no application's is left out."""
    overlays = {name: item for side in sides for name, item in side.overlays.items()}
    directories = {f"{home(item)}/flux/{item.environment}": owner for item in overlays.values() if (owner := of(item))}
    found: dict[str, Owner] = {}
    for name, item in overlays.items():
        owner = of(item) or next((directories[path] for path in _directories(item) if path in directories), None)
        if owner:
            found[name] = owner
    return found


def of(overlay: Overlay) -> Owner | None:
    """Whose application an overlay is."""
    return Owner(overlay.team, overlay.environment) if overlay.application and overlay.environment else None


def home(overlay: Overlay) -> str:
    """The directory of the application that has an overlay."""
    return posixpath.dirname(posixpath.dirname(overlay.path))


def _directories(overlay: Overlay) -> set[str]:
    return {posixpath.dirname(path) for path in overlay.reads}
