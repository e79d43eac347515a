"""Every Flux fleet in examples/ converges as it stands there, each of its clusters, beside its team's repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import examples
from engines import chart_registry, elsewhere, exhibits
from engines.flux import NAMESPACE, SOURCE, Flux
from engines.flux_fleets import FluxFleet, Name
from engines.git_http import served

_PLATFORM = ("flux-system", "platform-controllers", "platform-configs")
_INSTANCE = "clusters/{}/flux-system/flux-instance.yaml"
_CLUSTERS = [
    (name, path.name)
    for name in exhibits.names("flux")
    for path in sorted((examples.EXAMPLES / name / "clusters").iterdir())
]


class _Example(FluxFleet):
    """A fleet for which the controllers that do not run here do their part."""

    def unsettled(self, commit: str, names: tuple[Name, ...]) -> dict[str, Any]:
        elsewhere.answer(self.kube)
        return super().unsettled(commit, names)


@pytest.mark.parametrize(("name", "cluster"), _CLUSTERS)
def test_an_example_converges(new_flux: Flux, tmp_path: Path, name: str, cluster: str) -> None:
    (tmp_path / "remote").mkdir()
    with served(tmp_path / "remote") as address, chart_registry.charts() as charts:
        fleet = _Example(new_flux, tmp_path, address, example=name)
        fleet.remote.addresses |= exhibits.registries(charts)
        commit, team = exhibits.team_repository(name, fleet.remote, address)
        new_flux.install(*elsewhere.arguments(yaml.safe_load((fleet.tree / _INSTANCE.format(cluster)).read_text())))
        elsewhere.define(new_flux.control)
        fleet.push()
        fleet.follow_page(cluster)
        here = {on for on, item in exhibits.environments(fleet.tree).items() if item["cluster"] == cluster}
        automatic = {on for on in here if exhibits.environments(fleet.tree)[on]["gate"] == "auto"}
        fleet.settle(fleet.pushed, *_of_platform(fleet.tree, here))
        deployed = [item for item in exhibits.overlays(fleet.tree, team) if item[2] in automatic]
        fleet.settle(commit or fleet.pushed, *_of_teams(deployed))
        for owner, app, on in exhibits.overlays(fleet.tree, team):
            if on in here - automatic:
                assert fleet.kube.get(*SOURCE, f"{owner}-{on}", owner)["spec"]["suspend"]
            if on not in automatic:
                assert fleet.get((f"{owner}-{on}", app)) is None


def _of_platform(tree: Path, here: set[str]) -> set[Name]:
    """What the platform's Kustomizations are called: its own, those that find teams, each team's baseline."""
    targets = [path.relative_to(tree / "teams").parts for path in (tree / "teams").glob("*/flux/*")]
    baselines = {f"{team}-{on}-baseline" for team, _, on in targets if on in here}
    return {(NAMESPACE, name) for name in {*_PLATFORM, *(f"teams-{on}" for on in here)} | baselines}


def _of_teams(deployed: list[tuple[str, str, str]]) -> set[Name]:
    """What finds a team's applications, and each of those."""
    return {(f"{team}-{on}", name) for team, app, on in deployed for name in (f"{team}-applications", app)}
