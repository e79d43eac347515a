"""What makes what: entry points, teams, the applications of a team in an environment, clusters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from scaffold.report.page.nouns import Graph, Node

_KINDS = ("entry", "team", "environment", "cluster")


def graph(applications: Sequence[Mapping[str, Any]], clusters: Mapping[str, str]) -> Graph:
    """Four columns: entry points, teams, environments of a team with their number of applications, clusters.

    An entry point is an application that makes others and that no application makes. `clusters` maps an
    environment to its cluster; applications are those of the inventory.
    """
    counted: dict[tuple[str, str], int] = defaultdict(int)
    for item in applications:
        if item["team"]:
            counted[item["team"], item["environment"]] += 1
    edges: list[tuple[str, str]] = []
    labels: dict[str, dict[str, str]] = {kind: {} for kind in _KINDS}
    for team, entry in sorted(_entries(applications)):
        labels["entry"][f"entry:{entry}"] = entry
        edges.append((f"entry:{entry}", f"team:{team}"))
    for (team, environment), number in counted.items():
        cluster = clusters.get(environment, "")
        labels["team"][f"team:{team}"] = team
        labels["environment"][f"environment:{team}:{environment}"] = f"{team} {environment} ({number})"
        edges.append((f"team:{team}", f"environment:{team}:{environment}"))
        if cluster:
            labels["cluster"][f"cluster:{cluster}"] = cluster
            edges.append((f"environment:{team}:{environment}", f"cluster:{cluster}"))
    nodes = [
        Node(name, label, kind, column, row)
        for column, kind in enumerate(_KINDS)
        for row, (name, label) in enumerate(sorted(labels[kind].items(), key=lambda pair: pair[1]))
    ]
    return Graph(tuple(nodes), tuple(sorted(set(edges))))


def _entries(applications: Sequence[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Teams with the entry points that lead to their applications: whoever deploys the file that declares one."""
    makers = [
        (f"{source['path'].strip('/')}/", item)
        for item in applications
        if not item["team"]
        for source in item["sources"]
        if source.get("path")
    ]
    return {(item["team"], name) for item in applications if item["team"] for name in _tops(item, makers)}


def _tops(item: Mapping[str, Any], makers: Sequence[tuple[str, Mapping[str, Any]]]) -> set[str]:
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [item]
    while waiting:
        current = waiting.pop()
        above = [maker for path, maker in makers if current["from"]["path"].startswith(path) and maker is not current]
        if not above and current is not item:
            found.add(current["name"])
        waiting += [maker for maker in above if maker["name"] not in seen]
        seen |= {maker["name"] for maker in above}
    return found
