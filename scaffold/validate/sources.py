"""Read the files of a repository and run the rules that look at one file at a time."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from scaffold import load, workers
from scaffold.cache import Cache
from scaffold.discover import RACY, Stamp, Tree
from scaffold.model import LocatedFinding, Repository, SourceFile
from scaffold.rules import FILE, Rule
from scaffold.validate import asking, excuses, locating

_CHUNK = 100
_SHARDS = 32
_FEW = 150  # fewer files than that are read at once without starting processes


class Read(NamedTuple):
    """What one file gave, the findings of the rules that look at one file, and a name for what it tells the others."""

    stamp: Stamp
    file: SourceFile
    findings: tuple[LocatedFinding, ...]
    facts: str = ""


@dataclass(frozen=True)
class _Job:
    root: Path
    rules: Sequence[Rule]


def read(tree: Tree, rules: Sequence[Rule], cache: Cache, version: str, jobs: int) -> dict[str, Read]:
    """Every YAML file of a tree; those whose stamp is the one of the last run are taken from the cache."""
    shards = _shards(tree, cache, f"files:{version}:{tree.root}")
    missing = [path for shard in shards for path in shard.missing]
    started = time.time_ns()
    fresh = {item.file.path: item for item in _read_all(_Job(tree.root, rules), tree.yaml, sorted(missing), jobs)}
    for shard in shards:
        shard.kept.update((path, fresh[path]) for path in shard.missing if path in fresh)
    cache.put_many({shard.key: (started, shard.kept) for shard in shards if shard.missing})
    found = {path: item for shard in shards for path, item in shard.kept.items()}
    return {path: found[path] for path in tree.yaml if path in found}


@dataclass(frozen=True)
class _Shard:
    """A part of the index, so that one changed file does not have all of it written again."""

    key: str
    kept: dict[str, Read]
    missing: list[str]


def _shards(tree: Tree, cache: Cache, prefix: str) -> list[_Shard]:
    """The files by the shard that they belong to, and what is known of them."""
    shards = [_Shard(f"{prefix}:{number}", {}, []) for number in range(_SHARDS)]
    stored: dict[str, tuple[int, dict[str, Read]]] = cache.get_many(shard.key for shard in shards)
    known = [stored.get(shard.key) or (0, {}) for shard in shards]
    for path, stamp in tree.yaml.items():
        number = zlib.crc32(path.encode(errors="surrogateescape")) % _SHARDS
        written, items = known[number]
        item = items.get(path)
        if item is not None and item.stamp == stamp and stamp.changed < written - RACY:
            shards[number].kept[path] = item
        else:
            shards[number].missing.append(path)
    return shards


def _read_all(job: _Job, stamps: Mapping[str, Stamp], paths: list[str], jobs: int) -> Iterator[Read]:
    work = [[(path, stamps[path]) for path in paths[i : i + _CHUNK]] for i in range(0, len(paths), _CHUNK)]
    for part in workers.each(_read_chunk, job, work, jobs if len(paths) > _FEW else 1, "reading files"):
        yield from part


def _read_chunk(job: _Job, chunk: Iterable[tuple[str, Stamp]]) -> list[Read]:
    return [item for path, stamp in chunk if (item := _read_one(job, path, stamp))]


def _read_one(job: _Job, path: str, stamp: Stamp) -> Read | None:
    try:
        content = (job.root / path).read_bytes()
    except OSError:
        return None  # it vanished, or cannot be read: discover names what it could see
    file = load.source_file(path, content, keep=True)
    repository = Repository(files={path: file})
    findings = [finding for rule in job.rules if rule.SCOPE == FILE for finding in asking.findings(rule, repository)]
    located = tuple(locating.in_files(job.root, excuses.marked(findings, excuses.of_files([file]))))
    kept = load.forget(file)
    return Read(stamp, kept, located, _facts(kept))


def _facts(file: SourceFile) -> str:
    """A name for all that the whole repository may depend on, which is neither the text nor a promotable."""
    plain = load.without_promotables(file)
    return load.digest(repr(plain._replace(digest="")).encode(errors="backslashreplace"))
