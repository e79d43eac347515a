"""What spans the repository, kept for as long as no change bears on it; a new image tag does not.

Two things are kept: what is built, which follows from the files' facts, and what the rules of the scope `repository`
found, which follows from that and from what the overlays render to. Both are given the repository without promotables,
so that they cannot depend on them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from scaffold import load
from scaffold.assemble import apart, terraform
from scaffold.cache import Cache
from scaffold.discover import Tree
from scaffold.model import Conventions, Finding, LocatedFinding, Overlay, Repository, Skipped, SourceFile
from scaffold.render.builders import Builder
from scaffold.validate import excuses, locating

if TYPE_CHECKING:
    from scaffold.validate.sources import Read

Digests = tuple[tuple[str, str], ...]


class Plan(NamedTuple):
    """What an assembled repository says about building its overlays, and the files whose text it was read from.

    `resting` are the files that nothing deploys, `clusters` those of overlays, as far as they can be told apart, and
    `unread` what is no YAML and cannot be read.
    """

    overlays: Mapping[str, Overlay]
    conventions: Conventions
    own_schemas: Mapping[tuple[str, str], Any]
    unverifiable: tuple[Skipped, ...]
    consulted: Digests
    resting: frozenset[str] = frozenset()
    clusters: Mapping[str, apart.Cluster] = {}
    unread: tuple[Skipped, ...] = ()

    @classmethod
    def of(cls, repository: Repository, tree: Tree) -> Plan:
        sets = repository.sets
        unknown = [Skipped(item.manifest.path, reason) for item in sets for reason in item.unverifiable]
        unknown += [Skipped(item.name or ".", reason) for item in repository.flux for reason in item.unknown]
        unverifiable = tuple(unknown)
        consulted = tuple((path, _text(tree.root / path)) for path in sorted(repository.consulted))
        known, own = repository.conventions, repository.own_schemas
        clusters, unread = apart.clusters(repository), terraform.unread(repository)
        return cls(repository.overlays, known, own, unverifiable, consulted, repository.resting, clusters, unread)

    def fitting(self, builder: Builder) -> Builder:
        """The kustomize that builds as the engine does."""
        return builder.unrestricted() if self.conventions.unrestricted else builder


def planned(
    tree: Tree, read: Mapping[str, Read], cache: Cache, version: str, plan: Callable[[], Plan]
) -> tuple[str, Plan]:
    """The plan with a name for the facts that it follows from; `plan` makes it where it is not known."""
    name, key = _facts(tree, read, version), _key(tree)
    known, kept = cache.get(key) or ("", None)
    if (
        known == name
        and isinstance(kept, Plan)
        and all(_text(tree.root / path) == text for path, text in kept.consulted)
    ):
        return name, kept
    made = plan()
    cache.put_many({key: (name, made)})
    return name, made


def kept(tree: Tree, cache: Cache) -> Plan | None:
    """The plan of the last run, whatever has changed since; None where none is kept."""
    _, plan = cache.get(_key(tree)) or ("", None)
    return plan if isinstance(plan, Plan) else None


def _key(tree: Tree) -> str:
    return f"plan:{tree.root}"


def _facts(tree: Tree, read: Mapping[str, Read], version: str) -> str:
    parts = [version, repr(tree.standing), "", *sorted(tree.directories), "", *tree.others, ""]
    parts += [f"{path} {item.facts}" for path, item in read.items()]
    return _name(parts)


def _text(path: Path) -> str:
    try:
        return load.digest(path.read_bytes())
    except OSError:
        return ""


def _name(parts: Iterable[str]) -> str:
    return hashlib.blake2b("\0".join(parts).encode(errors="surrogateescape"), digest_size=20).hexdigest()


class Seen(NamedTuple):
    """What the rules of the scope `repository` look at, apart from the plan; `results` name what each overlay gave."""

    files: Mapping[str, SourceFile]
    results: tuple[str, ...]
    missed: tuple[Skipped, ...]


def judged(
    root: Path, known: tuple[str, Plan], seen: Seen, cache: Cache, check: Callable[[], Iterator[Finding]]
) -> tuple[LocatedFinding, ...]:
    """The findings of the rules of the scope `repository`; `check` asks them where nothing is kept.

    A finding stands where the text of a file says, so that is compared too.
    """
    facts, plan = known
    key = f"wide:{root}"
    name = _name([facts, repr(plan.consulted), repr(seen.missed), *seen.results])
    kept, findings, texts = cache.get(key) or ("", (), ())
    if kept == name and _digests(seen.files, [path for path, _ in texts]) == texts:
        return tuple(findings)
    found = list(excuses.marked(check(), excuses.of_files(seen.files.values())))
    located = tuple(locating.in_files(root, found))
    paths = {place.path for finding in found for place in (finding.place, *finding.related)}
    if paths <= seen.files.keys():
        cache.put_many({key: (name, located, _digests(seen.files, sorted(paths)))})
    return located


def _digests(files: Mapping[str, SourceFile], paths: Iterable[str]) -> Digests:
    return tuple((path, files[path].digest if path in files else "") for path in paths)
