"""What a repository declares: environments, clusters, teams, and applications as the engine will create them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from scaffold.model import Application, Cluster, Environment, Overlay, Place, Repository, Source, mapping

VERSION = 1
Locate = Callable[[Place], int]


def inventory(repository: Repository, line: Locate) -> dict[str, Any]:
    """The inventory as plain values, the contract of `--format json`; `line` tells the line of a place."""
    known = repository.conventions
    applications = [_application(item, repository, line) for item in repository.applications]
    return {
        "version": VERSION,
        "environments": [_environment(item) for item in known.environments],
        "clusters": [_cluster(item) for item in known.clusters],
        "teams": _teams(repository),
        "applications": sorted(applications, key=lambda item: (item["name"], item["namespace"])),
    }


def table(found: Mapping[str, Any]) -> list[str]:
    """The inventory for people: one table each, without what is empty."""
    columns = {
        "environments": ("name", "stage", "cluster", "gate"),
        "clusters": ("name", "server", "kubernetes"),
        "teams": ("name", "environments"),
        "applications": ("name", "team", "environment", "project", "sync", "destination", "images"),
    }
    lines: list[str] = []
    for kind, names in columns.items():
        if found[kind]:
            rows = [[_cell(item[name]) for name in names] for item in found[kind]]
            lines += ["", kind.upper(), *_aligned([list(names), *rows])]
    return lines[1:]


def _environment(item: Environment) -> dict[str, Any]:
    return {"name": item.name, "stage": item.stage, "cluster": item.cluster, "gate": item.gate}


def _cluster(item: Cluster) -> dict[str, Any]:
    return {"name": item.name, "server": item.server, "kubernetes": item.kubernetes_version}


def _teams(repository: Repository) -> list[dict[str, Any]]:
    """Teams by the layers that make them, and by the overlays that they have."""
    targets: dict[str, set[str]] = {str(x.answers.get("team")): set() for x in repository.layers if x.kind == "team"}
    for overlay in repository.overlays.values():
        if overlay.team:
            targets.setdefault(overlay.team, set()).add(overlay.environment)
    order = [environment.name for environment in repository.conventions.environments]
    return [{"name": name, "environments": [e for e in order if e in targets[name]]} for name in sorted(targets)]


def _application(item: Application, repository: Repository, line: Locate) -> dict[str, Any]:
    overlays = [repository.overlays[s.path] for s in item.sources if s.here and s.path in repository.overlays]
    server = {"server": item.server} if item.server else {"name": item.cluster}
    return {
        "name": item.name,
        "namespace": item.namespace,
        "project": item.project,
        "team": _first(overlay.team for overlay in overlays),
        "environment": _first(overlay.environment for overlay in overlays),
        "sources": [_source(source) for source in item.sources],
        "destination": {**server, "namespace": item.destination_namespace},
        "sync": "auto" if item.automated else "manual",
        "images": _images(overlays),
        "labels": dict(mapping(mapping(item.data.get("metadata")).get("labels"))),
        "annotations": dict(mapping(mapping(item.data.get("metadata")).get("annotations"))),
        "from": {"path": item.place.path, "line": line(item.place)},
    }


def _source(source: Source) -> dict[str, str]:
    what = {"chart": source.chart} if source.chart else {"path": source.path}
    return {"repoURL": source.repo_url, **what, "targetRevision": source.target_revision}


def _images(overlays: Sequence[Overlay]) -> list[str]:
    return sorted({image for overlay in overlays for item in overlay.objects for image in item.images})


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return "/".join(str(part) for part in value.values() if part)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
