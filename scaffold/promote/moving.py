"""What moves with a pin: the applications of a team in an environment that two states have otherwise."""

from __future__ import annotations

import posixpath

from scaffold import staging
from scaffold.followed import State
from scaffold.model import Overlay
from scaffold.pins import Pin
from scaffold.staging import Content

Files = dict[str, Content | None]


def moving(before: State | None, after: State | None, pin: Pin) -> list[Overlay]:
    """The overlays whose files differ, each as the later state has it, or as the earlier one where it is gone."""
    old, new = (_overlays(state, pin) for state in (before, after))
    changed = (path for path in sorted({**old, **new}) if old.get(path, (None, {}))[1] != new.get(path, (None, {}))[1])
    return [(new.get(path) or old[path])[0] for path in changed]


def _overlays(state: State | None, pin: Pin) -> dict[str, tuple[Overlay, Files]]:
    found = state.layout.overlays.values() if state else ()
    own = (item for item in found if (item.team, item.environment) == (pin.team, pin.environment) and item.application)
    return {item.path: (item, files(state, item)) for item in own} if state else {}


def files(state: State, overlay: Overlay) -> Files:
    """What an application is in an environment: all that its overlay reads, and the objects of Flux that deploy it."""
    flux = posixpath.join(posixpath.dirname(posixpath.dirname(overlay.path)), "flux", overlay.environment)
    there = staging.tree(state.root / flux) if (state.root / flux).is_dir() else ()
    paths = {*overlay.reads, *(posixpath.join(flux, path) for path in there)}
    return {path: staging.read(state.root / path) for path in sorted(paths)}
