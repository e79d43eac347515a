"""`validate --shard` and `--merge`: the jobs of a matrix render a part each, and one more makes the result of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scaffold.commands import printing

if TYPE_CHECKING:
    from scaffold.validate import Options
    from scaffold.validate.parts import Part, Shard

_NOT_BOTH = ("baseline", "write_baseline", "fix", "diff")


class _ShardType(click.ParamType[Any]):
    """A shard as it is written, such as 1/4."""

    name = "I/N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Shard:
        from scaffold.validate.parts import Shard

        number, _, of = str(value).partition("/")
        if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
            self.fail(f"shard {value!r} is none; write one such as 1/4", param, ctx)
        return Shard(int(number), int(of))


shard = click.option(
    "--shard", type=_ShardType(), help="Render and check one of N parts of the overlays, and write what --merge reads."
)
merge = click.option(
    "--merge",
    "parts",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE...",
    help="Make one result of the parts that all shards wrote; other options as for them.",
)


def sorted_out(paths: Iterable[Path], given: Mapping[str, Any]) -> tuple[Path, tuple[Path, ...]]:
    """The repository and the parts: behind --merge, an argument that is no directory is one more part."""
    paths = list(paths)
    parts = (*given["parts"], *(path for path in paths if given["parts"] and not path.is_dir()))
    roots = [path for path in paths if path not in parts]
    if len(roots) > 1:
        raise click.UsageError(f"{str(roots[1])!r} is one path too many; name the directory that holds both")
    _refuse(given, merged=bool(parts))
    return (roots[0] if roots else Path()), parts


def _refuse(given: Mapping[str, Any], *, merged: bool) -> None:
    if given["shard"] and merged:
        raise click.UsageError("--shard writes a part and --merge reads them; choose one")
    name = next((name for name in _NOT_BOTH if given["shard"] and given[name]), "")
    if name or (merged and given["fix"]):
        option = (name or "fix").replace("_", "-")
        remedy = "give it to --merge" if name not in ("", "fix") else "mend without shards"
        raise click.UsageError(f"--{option} needs the whole result; {remedy}")


def read(files: Sequence[Path]) -> dict[str, Part]:
    """The parts by the names of their files."""
    from scaffold.validate import parts

    return {str(file): parts.read(file) for file in files}


def share(root: Path, options: Options, given: Mapping[str, Any]) -> int:
    """Write the part of a shard, and say on stderr what it is; whether all is well, the merge says."""
    from scaffold import validate
    from scaffold.commands import progress
    from scaffold.validate import parts

    file = _target(given)
    with progress.bar():
        part = validate.part(root, options, given["shard"])
    if file is None:
        click.echo(parts.text(part), nl=False)
    else:
        printing.put(file, parts.text(part))
    count = len(part.results)
    click.echo(f"shard {part.shard}, {count} overlay{'' if count == 1 else 's'}; read it with --merge", err=True)
    return 0


def _target(given: Mapping[str, Any]) -> Path | None:
    if given["format_"] != "text":
        raise click.UsageError("--format needs the whole result; give it to --merge")
    if len(given["outputs"]) > 1 or any("=" in name for name in given["outputs"]):
        raise click.UsageError("--shard writes one file; give other outputs to --merge")
    return printing.writable(given["outputs"][0]) if given["outputs"] else None
