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
    overlays = [overlay for overlay in _each(repository) if overlay.environment == environment]
    if not overlays:
        names = {overlay.environment for overlay in repository.overlays.values() if overlay.environment}
        raise ScaffoldError(f"environment {environment!r} is unknown; {hint(environment, names)}")
    wanted = list(applications)
    if not wanted:
        return overlays
    return [overlay for name in wanted for overlay in _named(overlays, name, repr(environment))]


def of_application(repository: Repository, name: str) -> list[Overlay]:
    """The overlays of one application in every environment; raises ScaffoldError as `chosen` does."""
    overlays = [overlay for overlay in _each(repository) if overlay.application]
    return _named(overlays, name, "any environment")


def _each(repository: Repository) -> list[Overlay]:
    """The overlays, each directory once, however often Flux builds it."""
    return list({overlay.path: overlay for overlay in repository.overlays.values()}.values())


def _named(overlays: list[Overlay], name: str, environment: str) -> list[Overlay]:
    found = [overlay for overlay in overlays if name in (overlay.application, full_name(overlay))]
    if not found:
        own = [overlay for overlay in overlays if overlay.application] or overlays
        names = {text for overlay in own for text in (overlay.application, full_name(overlay)) if text}
        raise ScaffoldError(f"application {name!r} is unknown in {environment}; {hint(name, names)}")
    if len({full_name(overlay) for overlay in found}) > 1:
        both = " or ".join(sorted({repr(full_name(overlay)) for overlay in found}))
        raise ScaffoldError(f"application {name!r} may be {both}; name one of them")
    return found


def full_name(overlay: Overlay) -> str:
    """`team/app`, or what of it is known."""
    return "/".join(part for part in (overlay.team, overlay.application) if part)
