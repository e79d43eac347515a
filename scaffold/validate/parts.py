"""What one of several jobs has rendered and checked, as a file that makes one result with those of the others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from scaffold.errors import ScaffoldError
from scaffold.model import Overlay
from scaffold.validate import packing
from scaffold.validate.job import Rendered

_AGAIN = "run its shard again"
_VERSION = 1


class Shard(NamedTuple):
    """Which part of the overlays a job takes: `number` counts from 1 to `of`."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def taken(self, overlays: Iterable[Overlay]) -> list[Overlay]:
        """The overlays of this shard; those that are alike stand together, so they are dealt out in turn."""
        return sorted(overlays, key=lambda overlay: overlay.name)[self.number - 1 :: self.of]


class Result(NamedTuple):
    """What an overlay gave, and a name for everything that this follows from."""

    overlay: str
    key: str
    rendered: Rendered


class Maker(NamedTuple):
    """What a part was made by and for, which has to be the same in all: what else differs, each result's key tells."""

    version: str
    renderer: str
    profile: str


class Part(NamedTuple):
    """What one shard gave."""

    maker: Maker
    shard: Shard
    results: tuple[Result, ...]


def text(part: Part) -> str:
    """A part as JSON, a line an overlay."""
    head = json.dumps({"version": _VERSION, **part._replace(results=())._asdict()})
    rows = ",\n".join(packing.packed(result) for result in part.results)
    return f"{head.removesuffix('[]}')}[\n{rows}\n]}}\n"


def read(file: Path) -> Part:
    """A part from its file; raises ScaffoldError where it cannot be read or is none."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        if data.pop("version") != _VERSION or sorted(data) != sorted(Part._fields):
            raise ValueError  # noqa: TRY301  # what is no part is said once
        part: Part = packing.unpacked(Part, [data[name] for name in Part._fields])
    except (OSError, UnicodeDecodeError) as error:
        raise ScaffoldError(f"part {str(file)!r} cannot be read, {error}; {_AGAIN}") from error
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise ScaffoldError(f"part {str(file)!r} is none that --shard wrote; {_AGAIN}") from error
    return part


def refuse_unlike(parts: Mapping[str, Part], maker: Maker) -> None:
    """Raise ScaffoldError where parts were made otherwise than this run would, or are not all of one run's."""
    for name, part in parts.items():
        for what, theirs, ours in zip(Maker._fields, part.maker, maker, strict=True):
            if theirs != ours:
                raise ScaffoldError(f"part {name!r} was made with {what} {theirs!r}, not {ours!r}; {_AGAIN} with it")
    _refuse_incomplete({name: part.shard for name, part in parts.items()})


def _refuse_incomplete(shards: Mapping[str, Shard]) -> None:
    seen: dict[Shard, str] = {}
    of = next(iter(shards.values())).of
    for name, shard in shards.items():
        if shard.of != of:
            raise ScaffoldError(f"part {name!r} is shard {shard}, and others are of {of}; name parts of one run")
        if shard in seen:
            raise ScaffoldError(f"parts {seen[shard]!r} and {name!r} are both shard {shard}; leave one out")
        seen[shard] = name
    missing = next((Shard(number, of) for number in range(1, of + 1) if Shard(number, of) not in seen), None)
    if missing:
        raise ScaffoldError(f"shard {missing} is not among the parts; name the files of all {of} with --merge")


def joined(parts: Mapping[str, Part], keys: Mapping[str, str]) -> dict[str, Rendered]:
    """The results by overlay; `keys` names what each has to follow from.

    Raises ScaffoldError where an overlay is missing, or where a part saw another state of the repository.
    """
    found = {result.overlay: (name, result) for name, part in parts.items() for result in part.results}
    for overlay, key in keys.items():
        if overlay not in found:
            fact = f"overlay {overlay or '.'!r} is in no part"
            raise ScaffoldError(f"{fact}; run the shards on this commit, with the same options")
        name, result = found[overlay]
        if result.key != key:
            fact = f"part {name!r} saw another state of {overlay or '.'!r}"
            raise ScaffoldError(f"{fact}; run its shard on this commit, with the same settings")
    return {overlay: found[overlay][1].rendered for overlay in keys}
