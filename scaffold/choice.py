"""The overlays that a command is about: those of an environment, or of some applications in it."""

from __future__ import annotations

from collections.abc import Iterable

from scaffold.errors import ScaffoldError
from scaffold.model import Overlay, Repository
from scaffold.nearest import hint


def chosen(repository: Repository, environment: str, applications: Iterable[str] = ()) -> list[Overlay]:
    """The overlays of an environment, in the order of their paths; applications are named `app` or `team/app`.

    Raises ScaffoldError for a name that is unknown, and for one that several teams use.
    """
    overlays = [overlay for overlay in repository.overlays.values() if overlay.environment == environment]
    if not overlays:
        names = {overlay.environment for overlay in repository.overlays.values() if overlay.environment}
        raise ScaffoldError(f"environment {environment!r} is unknown; {hint(environment, names)}")
    wanted = list(applications)
    if not wanted:
        return overlays
    return [overlay for name in wanted for overlay in _named(overlays, name, environment)]


def _named(overlays: list[Overlay], name: str, environment: str) -> list[Overlay]:
    found = [overlay for overlay in overlays if name in (overlay.application, full_name(overlay))]
    if not found:
        names = {full_name(overlay) for overlay in overlays if overlay.application}
        raise ScaffoldError(f"application {name!r} is unknown in {environment!r}; {hint(name, names)}")
    if len({full_name(overlay) for overlay in found}) > 1:
        both = " and ".join(repr(full_name(overlay)) for overlay in found)
        raise ScaffoldError(f"application {name!r} may be {both}; name one of them")
    return found


def full_name(overlay: Overlay) -> str:
    """`team/app`, or what of it is known."""
    return "/".join(part for part in (overlay.team, overlay.application) if part)
