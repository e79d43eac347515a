"""Environments in promotion order, as far as their names say, with their clusters and gates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from scaffold.assemble.ranks import rank
from scaffold.infer.addresses import Addresses
from scaffold.infer.layout import Layout
from scaffold.model import Application, Repository


class Stage(NamedTuple):
    """An environment; `told` tells whether its name says its stage, `cluster` may be empty."""

    name: str
    stage: int
    told: bool
    cluster: str
    gate: str


def of(repository: Repository, layout: Layout, addresses: Addresses) -> list[Stage]:
    """The environments that the layout shows."""
    names = {parts["environment"] for parts in layout.parts.values() if parts.get("environment")}
    by_name = _applications(repository, layout)
    ranks = {name: rank(name) for name in names}
    order = sorted({found for found in ranks.values() if found is not None})
    return sorted(
        (
            Stage(
                name,
                order.index(found) if found is not None else 0,
                found is not None,
                _cluster(name, repository, layout, addresses, by_name.get(name, ())),
                _gate(by_name.get(name, ())),
            )
            for name, found in ranks.items()
        ),
        key=lambda stage: (stage.stage, stage.name),
    )


def _applications(repository: Repository, layout: Layout) -> Mapping[str, list[Application]]:
    found: dict[str, list[Application]] = {}
    for application in repository.applications:
        for name in {layout.environment(source.path) for source in application.sources} - {""}:
            found.setdefault(name, []).append(application)
    return found


def _cluster(
    name: str, repository: Repository, layout: Layout, addresses: Addresses, applications: Iterable[Application]
) -> str:
    """The only cluster that an environment's applications go to."""
    found = {addresses.name(application) for application in applications} | set(_synced(name, repository, layout))
    return found.pop() if len(found) == 1 else ""


def _synced(name: str, repository: Repository, layout: Layout) -> Iterator[str]:
    for overlay in repository.overlays.values():
        if overlay.build and name in (layout.environment(overlay.path), layout.environment(overlay.build.cluster)):
            yield overlay.build.cluster.rpartition("/")[2]


def _gate(applications: Iterable[Application]) -> str:
    """Manual where no application synchronises by itself."""
    automated = [application.automated for application in applications]
    return "manual" if automated and not any(automated) else "auto"
