"""The commit message of a bump."""

from __future__ import annotations

from scaffold.bump import Plan, Wanted
from scaffold.bump.provenance import Source, trailers
from scaffold.choice import full_name


def title(plan: Plan, wanted: Wanted) -> str:
    """One line: what gets which version where."""
    names = sorted({full_name(overlay) or overlay.path for overlay in plan.overlays})
    what = names[0] if len(names) == 1 else wanted.image.name
    own = wanted.image.name.rpartition("/")[2]
    if len(names) == 1 and own != what.rpartition("/")[2]:
        what = f"{own} of {what}"
    return f"Bump {what} to {_short(wanted.image.version)} in {wanted.environment}"


def body(plan: Plan) -> str:
    """What changes where, one line each, and why something is changed elsewhere."""
    return "\n".join([*(str(move) for move in plan.moves), *plan.notes])


def message(plan: Plan, wanted: Wanted, source: Source) -> str:
    """Title, body, and trailers that say where the build comes from."""
    said = "\n".join(trailers(wanted.image, wanted.environment, source))
    return f"{title(plan, wanted)}\n\n{body(plan)}\n\n{said}\n"


def _short(version: str) -> str:
    """A digest as people quote it."""
    return version if len(version) <= 40 else f"{version[:32]}…"
