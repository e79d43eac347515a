"""Which clusters and namespaces an AppProject permits (Argo CD 3.5.7, IsDestinationPermitted)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from scaffold.expand import globs
from scaffold.expand.permission.verdicts import Verdict, allowed, denied, text, unknown
from scaffold.expand.view import IN_CLUSTER_NAME, IN_CLUSTER_SERVER, ClusterEntry
from scaffold.model import Pointer, dig, mapping, sequence

_FIELD: Pointer = ("spec", "destinations")
_NOT_DECLARED = "whether the cluster is the one that the project names: it is not declared"


@dataclass(frozen=True, slots=True)
class Destination:
    """A cluster and a namespace; a name or a server that is not known offline is None."""

    server: str | None
    name: str | None
    namespace: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """What one entry of the project may do to a destination: one outcome, or several where the cluster is unknown."""

    pointer: Pointer
    shown: str
    outcomes: frozenset[str]


def resolve_destination(destination: Mapping[str, Any], clusters: Sequence[ClusterEntry] | None) -> Destination:
    """Join a name with its server and the reverse; `clusters` is None where the inventory is not complete."""
    server = text(destination.get("server")).rstrip("/")
    name = text(destination.get("name"))
    namespace = text(destination.get("namespace"))
    for cluster in with_in_cluster(clusters or ()):
        if (server and cluster.server.rstrip("/") == server) or (not server and name and cluster.name == name):
            return Destination(cluster.server.rstrip("/") or None, cluster.name, namespace)
    return Destination(server or None, name or None, namespace)


def with_in_cluster(clusters: Sequence[ClusterEntry]) -> list[ClusterEntry]:
    """The clusters with Argo CD's own, which needs no registration."""
    own = ClusterEntry(IN_CLUSTER_NAME, IN_CLUSTER_SERVER)
    return [*clusters] if any(cluster.server == own.server for cluster in clusters) else [*clusters, own]


def destination_permitted(
    project: Mapping[str, Any], destination: Destination, clusters: Sequence[ClusterEntry] | None = None
) -> Verdict:
    """Decide on `spec.destinations`, to which the project's own clusters add themselves, and on their exclusive use."""
    entries = []
    for index, item in enumerate(map(mapping, sequence(dig(project, *_FIELD)))):
        for key in ("server", "name", "namespace"):
            if doubt := globs.doubtful(text(item.get(key))):
                return unknown((*_FIELD, index, key), f"{doubt} in the project")
        entries.append(_Entry((*_FIELD, index), _shown(item), _outcomes(item, destination)))
    entries += _own(project, destination, clusters or ())
    verdict = _decide(entries)
    if verdict.allowed and not verdict.unverifiable and dig(project, "spec", "permitOnlyProjectScopedClusters") is True:
        return _scoped(project, destination, clusters)
    return verdict


def _own(project: Mapping[str, Any], destination: Destination, clusters: Sequence[ClusterEntry]) -> Iterator[_Entry]:
    """Every namespace of the clusters that are registered for this project alone."""
    for cluster in clusters:
        if cluster.project and cluster.project == dig(project, "metadata", "name"):
            known = {"server": cluster.server.rstrip("/")} if cluster.server else {"name": cluster.name}
            outcomes = _outcomes({**known, "namespace": "*"}, destination)
            yield _Entry(_FIELD, f"the project's own cluster '{cluster.name}'", outcomes)


def _decide(entries: list[_Entry]) -> Verdict:
    for entry in entries:
        if entry.outcomes == {"deny"}:
            return denied(entry.pointer, f"denied by {entry.shown}")
    matching = [entry for entry in entries if "match" in entry.outcomes]
    if not matching:
        return denied(_FIELD, "no entry of destinations matches")
    for entry in entries:
        if "deny" in entry.outcomes:
            return unknown(entry.pointer, _NOT_DECLARED)
    for entry in matching:
        if entry.outcomes == {"match"}:
            return allowed(entry.pointer, f"allowed by {entry.shown}")
    return unknown(matching[0].pointer, _NOT_DECLARED)


def _outcomes(item: Mapping[str, Any], destination: Destination) -> frozenset[str]:
    names = _possible(text(item.get("name")), destination.name)
    servers = _possible(text(item.get("server")), destination.server)
    return frozenset(
        _outcome(item, destination.namespace, name=name, server=server) for name, server in product(names, servers)
    )


def _possible(pattern: str, value: str | None) -> set[bool]:
    if value is None:
        return {pattern == "*"} if pattern in {"*", ""} else {True, False}
    return {bool(value) and _matches(pattern, value)}


def _outcome(item: Mapping[str, Any], namespace: str, *, name: bool, server: bool) -> str:
    in_namespace = _matches(text(item.get("namespace")), namespace)
    if (server or name) and in_namespace:
        return "match"
    if not name and text(item.get("name")).startswith("!"):
        return "deny"
    if not server and text(item.get("server")).startswith("!") and in_namespace:
        return "deny"
    if not in_namespace and text(item.get("namespace")).startswith("!") and server:
        return "deny"
    return "none"


def _matches(pattern: str, value: str) -> bool:
    if pattern.startswith("!"):
        return not globs.matches(pattern[1:], value)
    return pattern == "*" or globs.matches(pattern, value)


def _scoped(project: Mapping[str, Any], destination: Destination, clusters: Sequence[ClusterEntry] | None) -> Verdict:
    field: Pointer = ("spec", "permitOnlyProjectScopedClusters")
    if clusters is None:
        return unknown(field, "whether the cluster belongs to the project: clusters are not declared")
    mine = [cluster for cluster in clusters if cluster.project == dig(project, "metadata", "name")]
    if any(c.name == destination.name or c.server.rstrip("/") == destination.server for c in mine):
        return allowed(field, "the cluster belongs to the project")
    return denied(field, "only clusters that belong to the project are permitted")


def _shown(item: Mapping[str, Any]) -> str:
    parts = (f"{key} '{item[key]}'" for key in ("server", "name", "namespace") if item.get(key))
    return ", ".join(parts) or "an empty entry"
