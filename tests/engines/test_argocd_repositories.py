"""A fleet whose team has a repository of its own, on the real Argo CD: both converge, each by its own commits."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engines import argocd
from engines.argocd import ArgoCD, conditions
from engines.fleets import OPEN, Fleet, TeamRepository, shell_lines

_CHART = Path(__file__).parent.parent / "fixtures" / "charts" / "web"
_KEPT_THERE = ("source=chart", "chart_repository=file://../../../../charts/web")
_ENVIRONMENTS = ("dev", "staging", "production")
_OF_FLEET = {
    "root",
    *(f"team-checkout-{environment}" for environment in _ENVIRONMENTS),
    *(f"checkout-{environment}-baseline" for environment in _ENVIRONMENTS),
}
_OF_TEAM = {f"checkout-{app}-{environment}" for app in ("payments", "search") for environment in ("dev", "staging")}
_GATED = {"checkout-payments-production", "checkout-search-production"}


@pytest.fixture(scope="module")
def team(own_argo: ArgoCD, tmp_path_factory: pytest.TempPathFactory) -> tuple[Fleet, TeamRepository]:
    """The fleet and its team's repository, which has an application from manifests and one from a chart kept there."""
    directory = tmp_path_factory.mktemp("repositories")
    fleet = Fleet(own_argo, directory, "topology=multi-repo")
    own = TeamRepository(fleet.tree, directory, "checkout", *OPEN)
    fleet.remote.addresses |= own.remote.addresses
    shutil.copytree(_CHART, own.tree / "charts" / "web")
    own.add("app", "payments")
    own.add("app", "search", *_KEPT_THERE)
    own.push()
    fleet.push()
    fleet.follow_page("control-plane/hub/README.md")
    fleet.settle(_OF_FLEET)
    fleet.settle(_OF_TEAM, own.pushed)
    fleet.settle_gated(*_GATED)
    return fleet, own


def test_both_repositories_converge_and_manual_environments_wait(team: tuple[Fleet, TeamRepository]) -> None:
    fleet, own = team
    states = fleet.states()
    assert {states[name] for name in _OF_FLEET | _OF_TEAM} == {("Synced", "Healthy")}
    assert states.keys() == _OF_FLEET | _OF_TEAM | _GATED
    sources = {
        name: item["spec"]["source"]["repoURL"] for name, item in fleet.argo.applications().items() if name in _OF_TEAM
    }
    assert set(sources.values()) == {own.remote.url}


def test_a_project_takes_from_the_repository_of_its_team_only(team: tuple[Fleet, TeamRepository]) -> None:
    fleet, _ = team
    taken = fleet.argo.kube.get(argocd.API, "Application", "argocd", "checkout-payments-dev")
    source = {**taken["spec"]["source"], "repoURL": fleet.remote.url, "path": "teams/checkout/environments/dev"}
    spec = {**taken["spec"], "source": source}
    metadata = {"name": "foreign", "namespace": "argocd"}
    fleet.argo.kube.apply({"apiVersion": argocd.API, "kind": "Application", "metadata": metadata, "spec": spec})

    def said() -> str:
        return " ".join(conditions(fleet.argo.applications().get("foreign", {})))

    fleet.argo.control.keeper.wait("it is refused", 60, lambda: "is not permitted in project" in said())
    fleet.argo.kube.delete(argocd.API, "Application", "argocd", "foreign")


def test_a_releaser_releases_as_the_page_of_the_team_says(team: tuple[Fleet, TeamRepository]) -> None:
    fleet, own = team
    page = own.remote.published / "README.md"
    (line,) = [line for line in shell_lines(page) if line.startswith("argocd app sync")]
    result = fleet.run(line, page.parent, fleet.argo.member("checkout-production", "releaser"))
    assert result.returncode == 0, result.stderr
    fleet.settle({"checkout-payments-production"}, own.pushed)


def test_the_team_grows_without_a_commit_in_the_fleet(team: tuple[Fleet, TeamRepository]) -> None:
    fleet, own = team
    before = fleet.identities()
    own.add("app", "refunds")
    own.push()
    fleet.settle({"checkout-refunds-dev", "checkout-refunds-staging", *_OF_TEAM}, own.pushed)
    after = fleet.identities()
    assert {key: uid for key, uid in after.items() if key in before} == before
    fleet.settle_gated("checkout-refunds-production")
    assert not fleet.unsettled(_OF_FLEET)
