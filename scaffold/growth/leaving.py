"""What goes when a directory goes: all of it committed, so that nothing is lost, and some of it made by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from scaffold import git, revisions, staging
from scaffold.errors import ScaffoldError
from scaffold.growth import layers, rewrite
from scaffold.growth.members import Members
from scaffold.staging import Content
from scaffold.update import layer as rendering

Edits = dict[str, Content | None]


def committed(root: Path, directories: Iterable[str]) -> list[str]:
    """The files of some directories; raises ScaffoldError where not everything in them is committed as it is."""
    wanted = list(directories)
    if not git.run(root, "rev-parse", "--verify", "--quiet", "HEAD", check=False):
        raise ScaffoldError(f"{str(root)!r} has no commit, so what goes could not be had back; commit everything first")
    named = [f":(literal){path}" for path in wanted]
    differing = revisions.differing(root, "HEAD", among=named) if named else []
    for path in sorted(differing) or _listed(root, "--others", among=named):
        raise ScaffoldError(f"{path!r} is not committed as it is, and would be lost; commit it, or move it away first")
    return _listed(root, among=named)


def _listed(root: Path, *options: str, among: list[str]) -> list[str]:
    found = git.run(root, "ls-files", *options, "-z", "--", *among)
    return sorted(path for path in found.split("\0") if path) if among else []


def by_hand(known: Members, paths: Iterable[str]) -> list[str]:
    """Those among some files that are not as the template wrote them."""
    written: dict[str, Content] = {}
    wanted = list(paths)
    for directory, each in known.layers.items():
        if directory and any(path.startswith(f"{directory}/") for path in wanted):
            with layers.generator(each.recorded) as made:
                found = rendering.rendered(made, each, each.recorded.answers)
            written |= {f"{directory}/{path}": content for path, content in found.items()}
    return [path for path in wanted if staging.read(known.fleet.root / path) != written.get(path)]


def without(
    known: Members, changed: Mapping[str, Mapping[str, Any]], names: Collection[str], jobs: int
) -> tuple[Edits, list[str]]:
    """The edits of layers that lose environments or a cluster, and which of the files that go are by hand.

    Directories that the template named after them go with all that is in them. Raises ScaffoldError where something in
    them is not committed, or where an edit elsewhere contradicts.
    """
    result = rewrite.outcome(known, changed, jobs)
    edits = known.relative(result.edits)
    disputed = {known.within(each.path): each for each in result.conflicts}
    gone = [path for path, content in edits.items() if content is None]
    gone += [path for path, each in disputed.items() if each.template == "deleted"]
    heads = {head for path in gone if (head := _head(known, path, names))}
    heads |= {head for head in _alike(known, changed, heads) if (known.fleet.root / head).is_dir()}
    for path, conflict in disputed.items():
        if not _is_below(path, heads):
            raise ScaffoldError(rewrite.contradiction(conflict))
    below = committed(known.fleet.root, sorted(heads))
    left = [path for path in below if edits.get(path, path) is not None]
    return {**edits, **dict.fromkeys(below)}, by_hand(known, left)


def _head(known: Members, path: str, names: Collection[str]) -> str:
    """The directory of a layer on the way to a path that is called by one of some names."""
    layer, inner = _split(known, path)
    parts = inner.split("/")[:-1]
    first = next((number for number, part in enumerate(parts) if part in names), None)
    return "/".join([*filter(None, [layer]), *parts[: first + 1]]) if first is not None else ""


def _split(known: Members, path: str) -> tuple[str, str]:
    """The layer that a path belongs to, and where in it that is."""
    layer = max((each for each in known.layers if not each or path.startswith(f"{each}/")), key=len)
    return layer, path.removeprefix(f"{layer}/" if layer else "")


def _alike(known: Members, changed: Collection[str], heads: Iterable[str]) -> Iterable[str]:
    """The same directories in the other layers of a kind, where all that the template wrote there may be gone."""
    for layer, inner in [_split(known, head) for head in heads]:
        kind = known.layers[layer].recorded.answers["kind"]
        yield from (f"{other}/{inner}" for other in known.of_kind(kind) if other and other in changed)


def _is_below(path: str, heads: Collection[str]) -> bool:
    return any(path.startswith(f"{head}/") for head in heads)
