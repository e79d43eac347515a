"""How long a version has been where it comes from."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path

from scaffold import git, instants
from scaffold.choice import full_name
from scaffold.errors import RefusedError
from scaffold.model import Image, Overlay
from scaffold.promote.cut import Origin


def refuse_fresh(origins: Iterable[Origin], image: Image, hours: int, now: datetime.datetime) -> None:
    """Raise RefusedError where a version has been in an environment for less than so many hours, or nobody knows."""
    if not hours:
        return
    for origin in origins:
        since = _since(origin.state.root, origin.overlay, image)
        what = f"{full_name(origin.overlay)} {image.version}"
        if since is None:
            fact = f"no commit says since when {origin.name!r} has {what}"
            raise RefusedError(f"{fact}; it has to be there for {hours} h")
        if now < since + datetime.timedelta(hours=hours):
            until = instants.written(since + datetime.timedelta(hours=hours))
            raise RefusedError(f"{origin.name!r} has {what} for less than {hours} h; promote it from {until} on")


def _since(root: Path, overlay: Overlay, image: Image) -> datetime.datetime | None:
    """When the newest commit was made that wrote the version in a file of the overlay."""
    version = image.digest or image.tag
    listed = git.run(root, "log", "-1", "--format=%cI", f"-S{version}", "--", *overlay.reads, check=False).strip()
    return instants.parsed(listed) if listed else None
