"""Every Argo CD fleet in examples/ converges as it stands there, beside its team's repository where it has one."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from engines import elsewhere, exhibits
from engines.argocd import ArgoCD
from engines.fleets import Fleet, shell_lines

# Argo CD itself comes from its chart, which only the network brings.
_FETCHED = "argocd"


class _Example(Fleet):
    """A fleet for which the controllers that do not run here do their part."""

    def unsettled(self, names: set[str], commit: str = "") -> dict[str, str]:
        elsewhere.answer(self.argo.kube)
        return super().unsettled(names, commit)


@pytest.mark.parametrize("name", exhibits.names("argocd"))
def test_an_example_converges(new_argo: ArgoCD, tmp_path: Path, name: str) -> None:
    fleet = _Example(new_argo, tmp_path, example=name)
    fleet.remote.addresses |= exhibits.servers(fleet.tree, new_argo.control.port)
    elsewhere.define(new_argo.control)
    commit, team = exhibits.team_repository(name, fleet.remote)
    fleet.push()
    _register(fleet)
    fleet.follow_page("control-plane/hub/README.md")
    gates = {name: item["gate"] for name, item in exhibits.environments(fleet.tree).items()}
    applications = {
        f"{owner}-{app}-{environment}": gates[environment]
        for owner, app, environment in exhibits.overlays(fleet.tree, team)
    }
    automatic = {name for name, gate in applications.items() if gate == "auto"}
    fleet.settle(_platform(fleet.tree))
    fleet.settle(automatic, commit or fleet.pushed)
    waiting = applications.keys() - automatic
    fleet.settle_gated(*waiting)
    fetched = {_FETCHED} if (fleet.tree / "platform" / _FETCHED).is_dir() else set()
    assert fleet.states().keys() == _platform(fleet.tree) | automatic | waiting | fetched


def _register(fleet: Fleet) -> None:
    """Do on other clusters' pages what is done by hand; with a secret manager it is done by Argo CD."""
    token = fleet.argo.administrator_token()
    for page in (fleet.remote.published / "clusters").glob("*/README.md"):
        for line in () if page.parent.name == "hub" else shell_lines(page):
            said = fleet.run(line.replace("<context>", "it"), page.parent, token)
            assert said.returncode == 0, f"{line}: {said.stderr}"


def _platform(tree: Path) -> set[str]:
    """What the platform's own applications are called: the root, the parts, and two for each team and environment."""
    path = tree / "control-plane/hub/platform.yaml"
    manifests = list(yaml.safe_load_all(path.read_text())) if path.exists() else []
    parts = {item["metadata"]["name"] for item in manifests if item["kind"] == "Application"}
    targets = [path.relative_to(tree / "teams").parts for path in (tree / "teams").glob("*/control-plane/*")]
    of_teams = {name for team, _, on in targets for name in (f"team-{team}-{on}", f"{team}-{on}-baseline")}
    return {"root"} | of_teams | parts - {_FETCHED}
