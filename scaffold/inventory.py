"""What a repository declares: environments, clusters, teams, and applications as the engine will create them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from scaffold.expand.view import IN_CLUSTER_NAME
from scaffold.model import (
    Application,
    Cluster,
    Environment,
    How,
    Manifest,
    Overlay,
    Place,
    Repository,
    Source,
    dig,
    mapping,
)
from scaffold.model.flux import FluxCluster, Reference, Sync

VERSION = 1
Locate = Callable[[Place], int]


def inventory(repository: Repository, line: Locate) -> dict[str, Any]:
    """The inventory as plain values, the contract of `--format json`; `line` tells the line of a place."""
    known = repository.conventions
    applications = [_application(item, repository, line) for item in repository.applications]
    applications += [_sync(item, cluster, repository, line) for cluster in repository.flux for item in cluster.syncs]
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
    said = {"name": item.name, "stage": item.stage, "cluster": item.cluster, "gate": item.gate}
    return {**said, "branch": item.branch} if item.branch else said


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
    server = {"server": item.server} if item.server else {"name": _destination(item, overlays, repository)}
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


def _destination(item: Application, overlays: Sequence[Overlay], repository: Repository) -> str:
    """The name of the cluster; of one that has an Argo CD of its own, what the fleet calls it."""
    known = repository.conventions
    if not (known.per_cluster and item.cluster == IN_CLUSTER_NAME):
        return item.cluster
    environment = known.environment(_first(overlay.environment for overlay in overlays))
    named = (part for part in item.place.path.split("/")[:-1] if known.cluster(part))
    return environment.cluster if environment else next(named, item.cluster)


def _sync(item: Sync, cluster: FluxCluster, repository: Repository, line: Locate) -> dict[str, Any]:
    """A Kustomization of Flux; one that deploys an application has that application's long name."""
    overlay = repository.overlays.get(item.overlay or item.path) or Overlay(item.path, How.FLUX)
    known = {environment.name for environment in repository.conventions.environments}
    environment = overlay.environment if overlay.environment in known else ""
    named = overlay.team and overlay.application and environment
    source = _followed(cluster, item.source)
    return {
        "name": f"{overlay.team}-{overlay.application}-{environment}" if named else item.manifest.name,
        "namespace": item.manifest.namespace,
        "project": "",
        "team": overlay.team,
        "environment": environment,
        "sources": [{"repoURL": source.url, "path": item.path, "targetRevision": source.revision}],
        "destination": {"name": _cluster_name(cluster, repository), "namespace": _namespace(item, repository)},
        "sync": "manual" if _waits(item, source, repository, environment) else "auto",
        "images": _images([overlay]),
        "labels": dict(mapping(item.manifest.get("metadata", "labels"))),
        "annotations": dict(mapping(item.manifest.get("metadata", "annotations"))),
        "from": {"path": item.manifest.path, "line": line(item.manifest.place())},
    }


class _Followed(NamedTuple):
    """What a source of Flux follows; it is held where it is suspended or pinned, so that a person moves it."""

    url: str = ""
    revision: str = ""
    held: bool = False


def _waits(item: Sync, source: _Followed, repository: Repository, environment: str) -> bool:
    """Whether a person decides; where the source stands in another repository, the environment's gate says so."""
    known = repository.conventions.environment(environment)
    gated = not source.url and known is not None and known.gate == "manual"
    return source.held or gated or item.manifest.get("spec", "suspend") is True


def _followed(cluster: FluxCluster, wanted: Reference) -> _Followed:
    for manifest in cluster.objects:
        if Reference(manifest.kind, manifest.namespace, manifest.name) == wanted:
            return _of_source(manifest)
    sync = next((m.get("spec", "sync") for m in cluster.of_kinds("FluxInstance")), None)
    return _Followed(str(dig(sync, "url") or ""), str(dig(sync, "ref") or "").removeprefix("refs/heads/"))


_REVISIONS = ("digest", "commit", "name", "semver", "tag", "branch")


def _of_source(manifest: Manifest) -> _Followed:
    """The revision by the field that wins, in source-controller 1.9."""
    ref = mapping(manifest.get("spec", "ref"))
    revision = next((str(ref[key]) for key in _REVISIONS if key in ref), "")
    held = manifest.get("spec", "suspend") is True or "commit" in ref or "digest" in ref
    return _Followed(str(manifest.get("spec", "url") or ""), revision, held)


def _cluster_name(cluster: FluxCluster, repository: Repository) -> str:
    name = cluster.name.rpartition("/")[2]
    return name if repository.conventions.cluster(name) else cluster.name


def _namespace(item: Sync, repository: Repository) -> str:
    """Where objects go that name no namespace, as far as one field says so."""
    own = repository.kustomizations.get(item.path)
    return str(item.manifest.get("spec", "targetNamespace") or (own.manifest.get("namespace") if own else "") or "")


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
