"""`status`: where the layers of a repository stand beside the template."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scaffold.commands import options

if TYPE_CHECKING:
    from scaffold.update.standing import Standing

_VERSION = 1


@click.command(
    "status",
    short_help="Say which template each layer is at, and what of it was edited.",
    epilog="Example: gitops-scaffold status teams/checkout",
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]…")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@options.jobs
def command(paths: tuple[Path, ...], jobs: int | None, *, as_json: bool) -> int:
    """Say of the layers at PATH (default: all of the repository) which version of the template wrote them.

    With it go the answers that differ from the fleet's, and the files that belong to the template and were edited.
    Files that are yours from the beginning are left out.
    """
    from scaffold import workers
    from scaffold.commands import progress
    from scaffold.commands.telling import counted
    from scaffold.update.standing import standing

    with progress.bar():
        found = standing(paths or (Path(),), jobs or workers.default_jobs())
    if as_json:
        click.echo(json.dumps(_values(found), indent=2))
        return 0
    for line in _lines(found):
        click.echo(line)
    edited = sum(len(each.edited) for each in found)
    click.echo(f"{counted(len(found), 'layer')}, {counted(edited, 'edited file')} of the template", err=True)
    return 0


def _lines(found: Sequence[Standing]) -> Iterator[str]:
    width = max(len(each.layer.name) for each in found)
    for each in found:
        yield f"{each.layer.name.ljust(width)}  {each.layer.recorded.version}"
        for name, (here, fleet) in each.differing.items():
            yield f"  {name} is {_shown(here)}, in the fleet {_shown(fleet)}"
        for path, state in each.edited:
            yield f"  {state} {path}"


def _shown(value: Any) -> str:
    return json.dumps(value)


def _values(found: Sequence[Standing]) -> dict[str, Any]:
    """The same for programs; keys may be added, none is taken away."""
    return {
        "version": _VERSION,
        "layers": [
            {
                "path": each.layer.name,
                "kind": each.layer.recorded.answers["kind"],
                "template": {"address": each.layer.recorded.address, "version": each.layer.recorded.version},
                "differs": {name: {"here": here, "fleet": fleet} for name, (here, fleet) in each.differing.items()},
                "edited": [{"path": path, "state": state} for path, state in each.edited],
            }
            for each in found
        ],
    }
