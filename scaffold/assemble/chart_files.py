"""Files that templates read by name, and that their chart does not have as Helm 4.2 loads it."""

from __future__ import annotations

import posixpath
from collections.abc import Container, Iterator, Mapping
from pathlib import Path

from scaffold import load
from scaffold.discover import LARGEST, Tree
from scaffold.expand import paths
from scaffold.model import NOWHERE, Action, How, Place, Repository

IGNORING = ".helmignore"
_TEMPLATES, _ENDINGS = "templates", (".yaml", ".yml", ".tpl")


def templates(tree: Tree) -> Mapping[str, tuple[Action, ...]]:
    """What the templates of charts do, by their paths; those of charts in charts are somebody else's."""
    ending = (path for path in tree.others if path.endswith(_ENDINGS) and tree.others[path].size <= LARGEST)
    named = [path for path in ending if chart_of(tree.charts, path) is not None]
    return {path: load.actions(load.text(tree.root / path)) for path in named}


def lacking(repository: Repository, root: Path) -> Mapping[str, Place]:
    """These files, each with the line that leaves it out; of no place where nothing is there at all.

    What is not there may be put there before a chart is packed, but not where an engine takes the chart from Git.
    """
    deployed = {o.path for o in repository.overlays.values() if o.how is How.HELM and o.release and not o.release.alone}
    found: dict[str, Place] = {}
    rules = {chart: _rules(root, chart) for chart, _ in _asked(repository)}
    for chart, name in _asked(repository):
        path = posixpath.normpath(posixpath.join(chart, name))
        if path not in repository.paths:
            found.update({path: NOWHERE} if chart in deployed and not path.startswith("..") else {})
        elif line := _leaving_out(rules[chart], name):
            found[path] = Place(posixpath.join(chart, IGNORING), line=line)
    return found


def _asked(repository: Repository) -> Iterator[tuple[str, str]]:
    for path, actions in repository.templates.items():
        chart = chart_of(repository.charts, path) or ""
        yield from ((chart, action.text) for action in actions if action.verb == "file")


def chart_of(charts: Container[str], path: str) -> str | None:
    """The chart that a template is of, but for one that stands in another chart."""
    parts = path.split("/")
    ends = (end for end, part in enumerate(parts) if part == _TEMPLATES)
    found = next((chart for end in ends if (chart := "/".join(parts[:end])) in charts), None)
    return None if found is None or _is_inner(charts, found) else found


def _is_inner(charts: Container[str], chart: str) -> bool:
    above, name = posixpath.split(posixpath.dirname(chart))
    return name == "charts" and above in charts


def _rules(root: Path, chart: str) -> list[tuple[int, str]]:
    """The patterns with their lines; none where one is turned round, or a reading of them is not sure."""
    lines = load.text(root / chart / IGNORING).splitlines()
    told = [(number, line.strip()) for number, line in enumerate(lines, 1)]
    patterns = [(number, line) for number, line in told if line and not line.startswith("#")]
    odd = any(line.startswith("!") or "**" in line or not {"[", "\\"}.isdisjoint(line) for _, line in patterns)
    return [] if odd else patterns


def _leaving_out(rules: list[tuple[int, str]], name: str) -> int:
    """The line of the first pattern that a file falls under, or a directory that it is in; 0 for none."""
    parts = posixpath.normpath(name).split("/")
    places = ["/".join(parts[: end + 1]) for end in range(len(parts))]
    pairs = ((place, number, rule) for place in places for number, rule in rules)
    return next((number for place, number, rule in pairs if _is_hit(rule, place, is_directory=place != places[-1])), 0)


def _is_hit(rule: str, place: str, *, is_directory: bool) -> bool:
    if rule.endswith("/") and not is_directory:
        return False
    pattern = rule.removesuffix("/")
    if "/" not in pattern:
        return paths.matches(pattern, posixpath.basename(place))
    return paths.matches(pattern.removeprefix("/"), place)
