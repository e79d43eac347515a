"""What makes what: entry points, generators, the applications of a team in an environment, clusters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from scaffold.report.page.nouns import Graph, Node

_KINDS = ("entry", "team", "environment", "cluster")


def graph(applications: Sequence[Mapping[str, Any]], clusters: Mapping[str, str]) -> Graph:
    """Four columns: who makes applications, teams, environments of a team with their number of applications, clusters.

    `clusters` maps an environment to its cluster; applications are those of the inventory.
    """
    counted: dict[tuple[str, str], int] = defaultdict(int)
    for item in applications:
        if item["team"]:
            counted[item["team"], item["environment"]] += 1
    edges: list[tuple[str, str]] = []
    labels: dict[str, dict[str, str]] = {kind: {} for kind in _KINDS}
    for item in applications:
        if not item["team"]:
            labels["entry"].setdefault(f"entry:{item['project']}", f"project {item['project'] or '(none)'}")
    for (team, environment), number in counted.items():
        cluster = clusters.get(environment, "")
        labels["team"][f"team:{team}"] = team
        labels["environment"][f"environment:{team}:{environment}"] = f"{team} {environment} ({number})"
        edges.append((f"team:{team}", f"environment:{team}:{environment}"))
        if cluster:
            labels["cluster"][f"cluster:{cluster}"] = cluster
            edges.append((f"environment:{team}:{environment}", f"cluster:{cluster}"))
    edges += [(entry, team) for entry in labels["entry"] for team in labels["team"]]
    nodes = [
        Node(name, label, kind, column, row)
        for column, kind in enumerate(_KINDS)
        for row, (name, label) in enumerate(sorted(labels[kind].items(), key=lambda pair: pair[1]))
    ]
    return Graph(tuple(nodes), tuple(sorted(set(edges))))
