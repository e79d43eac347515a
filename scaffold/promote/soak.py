"""How long something has been where it comes from."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable

from scaffold import instants
from scaffold.choice import full_name
from scaffold.errors import RefusedError
from scaffold.model import Image
from scaffold.promote.cut import Origin
from scaffold.since import Commit


def refuse_fresh(origins: Iterable[Origin], image: Image, hours: int, now: datetime.datetime) -> None:
    """Raise RefusedError where a version has been in an environment for less than so many hours, or nobody knows."""
    for origin in origins if hours else ():
        if origin.past:
            since = origin.past.written(origin.overlay, image.digest or image.tag)
            _refuse(origin, image.version, since, hours, now)


def refuse_fresh_files(origins: Iterable[Origin], paths: Collection[str], hours: int, now: datetime.datetime) -> None:
    """Raise RefusedError where an environment has one of some files otherwise for less than so many hours.

    Files that it does not read are none of its own.
    """
    for origin in origins if hours else ():
        found = sorted({*paths}.intersection(origin.overlay.reads))
        if origin.past and found:
            more = "as it is" if len(found) == 1 else f"and {len(found) - 1} more of its files as they are"
            _refuse(origin, f"with {found[0]} {more}", origin.past.files(found), hours, now)


def _refuse(origin: Origin, what: str, since: Commit | None, hours: int, now: datetime.datetime) -> None:
    told = f"{full_name(origin.overlay)} {what}"
    if since is None:
        raise RefusedError(f"no commit says since when {origin.name!r} has {told}; it has to be there for {hours} h")
    until = since.time + datetime.timedelta(hours=hours)
    if now < until:
        fact = f"{origin.name!r} has {told} since {instants.written(since.time)}, less than {hours} h"
        raise RefusedError(f"{fact}; promote it from {instants.written(until)} on")
