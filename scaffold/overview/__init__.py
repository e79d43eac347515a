"""One picture of a fleet from its files and its history: what is declared where, since when, and who may change it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from scaffold import declared, inventory, validate
from scaffold.declared import Declared
from scaffold.model import LocatedFinding, Overlay, Repository
from scaffold.overview import graph, history, lag, owners, projects
from scaffold.overview.versions import versions
from scaffold.report.page.nouns import Cell, Change, Overview, Role, Row, Stage, Version
from scaffold.since import Past
from scaffold.validate import Options, Report

__all__ = ["overview"]


def overview(root: Path, options: Options, today: datetime.date, fleet: Path | None = None) -> Overview:
    """The picture of the repository at a root; raises as `validate` does.

    `fleet` is the repository that has the pins of a team's.

    What a cluster runs cannot be known from files: everything here is what is declared.
    """
    report = validate.validate(root, options)
    with declared.declared(root, options, fleet) as known:
        return _overview(known, report, today)


def _overview(known: Declared, report: Report, today: datetime.date) -> Overview:
    root, repository = known.home, known.repository
    found = inventory.inventory(repository, lambda place: place.line)
    stages = _stages(repository, found["applications"])
    picture = _Picture(known, found, report.findings, today)
    return Overview(
        title=_title(root, repository),
        engine=_engine(repository),
        repository=next(iter(repository.conventions.repository_urls), ""),
        head=history.head(root),
        today=today.isoformat(),
        environments=stages,
        rows=tuple(picture.rows(stages)),
        others=_others(found["applications"], stages),
        roles=picture.roles,
        findings=tuple(report.findings),
        skipped=(*(f"{item.path}: {item.reason}" for item in report.summary.skipped), *known.notes),
        graph=graph.graph(found["applications"], {stage.name: stage.cluster for stage in stages}),
    )


def _stages(repository: Repository, applications: Sequence[Mapping[str, Any]]) -> tuple[Stage, ...]:
    """The environments; a column for each cluster where nothing says what the environments are."""
    known = repository.conventions.environments
    if known:
        return tuple(Stage(item.name, item.stage, item.cluster, item.gate) for item in known)
    named = {item["environment"] or _cluster(item) for item in applications}
    return tuple(Stage(name, 0, name, "") for name in sorted(named))


def _cluster(item: Mapping[str, Any]) -> str:
    return str(item["destination"].get("name") or item["destination"].get("server") or "no cluster")


def _column(item: Mapping[str, Any], stages: tuple[Stage, ...]) -> str:
    """The stage whose column holds an application; nothing for one that serves no environment, as a root does."""
    names = [stage.name for stage in stages]
    return next((name for name in (item["environment"], _cluster(item)) if name in names), "")


def _others(applications: Sequence[Mapping[str, Any]], stages: tuple[Stage, ...]) -> tuple[str, ...]:
    return tuple(sorted(item["name"] for item in applications if not _column(item, stages)))


def _title(root: Path, repository: Repository) -> str:
    named = (layer.answers.get("fleet") for layer in repository.layers if layer.kind == "fleet")
    return str(next(named, "") or root.name)


def _engine(repository: Repository) -> str:
    named = (layer.answers.get("engine") for layer in repository.layers if layer.kind in ("fleet", "team-repo"))
    return {"argocd": "Argo CD", "flux": "Flux"}.get(str(next(named, "")), "")


class _Picture:
    """Applications to rows, with what each cell needs looked up once."""

    def __init__(
        self,
        known: Declared,
        found: Mapping[str, Any],
        findings: tuple[LocatedFinding, ...],
        today: datetime.date,
    ) -> None:
        repository = known.repository
        self._known = known
        self._repository, self._applications, self._today = repository, found["applications"], today
        self._owners = owners.owners(known.home)
        self._windows = projects.windows(repository)
        self.roles: tuple[Role, ...] = projects.roles(repository)
        self._versions = {path: versions(overlay, repository) for path, overlay in repository.overlays.items()}
        self._since = dict(self._changes(known))
        self._paths = [finding.location.path for finding in findings]

    def _changes(self, known: Declared) -> Iterator[tuple[str, Change]]:
        """Since when the overlays are as they are, each as its environment came to have it."""
        pasts: dict[Past | None, list[tuple[Overlay, list[str]]]] = {}
        for name, overlay in self._repository.overlays.items():
            texts = [version.text for version in self._versions[name]]
            pasts.setdefault(known.past(overlay), []).append((overlay, texts))
        for past, wanted in pasts.items():
            found = past.versions(wanted) if past else {}
            yield from ((path, history.change(commit)) for path, commit in found.items())

    def rows(self, stages: tuple[Stage, ...]) -> list[Row]:
        """One row a team and application, in alphabetical order; the baseline of a namespace is no application."""
        rows: dict[tuple[str, str], dict[str, Cell]] = {}
        for item in self._applications:
            overlay, column = self._overlay(item), _column(item, stages)
            if column and (overlay is None or overlay.application or not overlay.team):
                team, name = (overlay.team, overlay.application) if overlay else (item["team"], "")
                rows.setdefault((team, name or item["name"]), {})[column] = self._cell(item, overlay, column)
        return [Row(*key, lag.compared(rows[key], stages, self._today)) for key in sorted(rows)]

    def _overlay(self, item: Mapping[str, Any]) -> Overlay | None:
        paths = (source.get("path", "") for source in item["sources"])
        return next((self._repository.overlays[path] for path in paths if path in self._repository.overlays), None)

    def _cell(self, item: Mapping[str, Any], overlay: Overlay | None, column: str) -> Cell:
        path = overlay.path if overlay else item["from"]["path"]
        charts = (
            Version(source["chart"], source["targetRevision"]) for source in item["sources"] if source.get("chart")
        )
        since: Change | None = self._since.get(path)
        releasers = {group for role in self._may(item["project"], "sync") for group in role.groups}
        return Cell(
            environment=column,
            name=item["name"],
            versions=(*charts, *self._versions.get(path, ())),
            since=since,
            age=history.days(since, self._today),
            gate=item["sync"],
            waits=_waits(item, self._pinned(overlay)),
            owners=self._owners(f"{path}/kustomization.yaml" if overlay else path),
            releasers=tuple(sorted(releasers)) if item["sync"] == "manual" else (),
            window=self._windows.get(item["project"], ""),
            path=path,
            destination="/".join(str(part) for part in item["destination"].values() if part),
            findings=sum(found == path or found.startswith(f"{path}/") for found in self._paths),
        )

    def _pinned(self, overlay: Overlay | None) -> str:
        """The commit of the pin that an application follows, if it does."""
        past = self._known.past(overlay) if overlay else None
        return past.pin.commit if past and past.pin else ""

    def _may(self, project: str, action: str) -> list[Role]:
        return [role for role in self.roles if role.project == project and {action, "*"} & set(role.actions)]


_PINNED = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def _waits(item: Mapping[str, Any], pinned: str) -> str:
    if item["sync"] == "auto":
        return "deployed by the engine as soon as it is committed"
    revisions = (source["targetRevision"] for source in item["sources"])
    pinned = pinned or next((revision for revision in revisions if _PINNED.fullmatch(revision)), "")
    if pinned:
        return f"stays at {pinned[:12]} until a releaser moves the pin"
    return "waits for a releaser after each commit; whether one has synchronised, only the engine knows"
