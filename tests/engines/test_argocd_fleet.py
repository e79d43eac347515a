"""A generated fleet on the real Argo CD: empty, with teams, with a broken one, released, and grown while it runs.

The fixtures build on one another, one engine for all: an empty fleet, then three teams, then a release, then growth.
"""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from engines import teams
from engines.argocd import ArgoCD, conditions
from engines.fleets import Fleet, hold, shell_lines


@pytest.fixture(scope="module")
def empty(own_argo: ArgoCD, tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    """A fleet without a team, taken into service as its page says."""
    fleet = Fleet(own_argo, tmp_path_factory.mktemp("fleet"))
    fleet.push()
    fleet.follow_page("control-plane/hub/README.md")
    fleet.settle({"root"})
    return fleet


@pytest.fixture(scope="module")
def fleet(empty: Fleet) -> Fleet:
    """Two healthy teams, one that may release now and one that may not, beside one whose files are broken."""
    teams.add(empty)
    empty.push()
    empty.settle(teams.CONVERGED)
    empty.settle_gated(*teams.WAITING)
    return empty


@pytest.fixture(scope="module")
def released(fleet: Fleet) -> Fleet:
    """After a releaser of the team has done in production what the generated page says."""
    page = fleet.remote.published / "README.md"
    (line,) = [line for line in shell_lines(page) if line.startswith("argocd app sync checkout-payments-production")]
    result = fleet.run(line, page.parent, fleet.argo.member("checkout-production", "releaser"))
    assert result.returncode == 0, result.stderr
    fleet.settle(teams.CONVERGED | {"checkout-payments-production"})
    return fleet


def test_an_empty_fleet_converges(empty: Fleet) -> None:
    assert empty.states() == {"root": ("Synced", "Healthy")}
    keeper = empty.argo.control.keeper
    keeper.wait("its generator is content", 60, lambda: _true(empty) == ["ParametersGenerated", "ResourcesUpToDate"])


def _true(fleet: Fleet) -> list[str]:
    """The conditions of the teams' ApplicationSet that hold."""
    found = fleet.argo.kube.get("argoproj.io/v1alpha1", "ApplicationSet", "argocd", "teams")
    return [c["type"] for c in found.get("status", {}).get("conditions", ()) if c["status"] == "True"]


def test_automatic_environments_converge_and_manual_ones_wait(fleet: Fleet) -> None:
    states = fleet.states()
    assert {states[name] for name in teams.CONVERGED} == {("Synced", "Healthy")}
    assert {states[name] for name in teams.WAITING} == {("OutOfSync", "Missing")}
    deployed = {item["metadata"]["namespace"] for item in fleet.argo.kube.items("apps/v1", "Deployment")}
    assert deployed == {
        f"{team}-{environment}" for team in ("checkout", "billing") for environment in ("dev", "staging")
    }


def test_no_application_complains_beside_those_of_the_broken_team(fleet: Fleet) -> None:
    broken = {"lost-cause-dev", "team-lost-staging"}
    fleet.argo.control.keeper.wait("only the broken ones complain", 60, lambda: _complaining(fleet) == broken)
    fleet.settle_gated("lost-cause-production")


@pytest.mark.parametrize(
    ("project", "role", "application"),
    [
        ("checkout-production", "viewer", "checkout-payments-production"),
        ("checkout-dev", "developer", "checkout-payments-production"),
        ("billing-production", "releaser", "checkout-payments-production"),
        ("billing-dev", "developer", "checkout-payments-dev"),
    ],
)
def test_a_role_may_not_synchronise(fleet: Fleet, project: str, role: str, application: str) -> None:
    client = fleet.argo.client(fleet.argo.member(project, role))
    answer = client.ask("POST", f"/api/v1/applications/{application}/sync", {"name": application})
    assert (answer.status, "permission denied" in answer.message) == (403, True), answer.message


@pytest.mark.parametrize(
    ("project", "role", "application", "seen"),
    [
        ("checkout-production", "viewer", "checkout-payments-production", 200),
        ("billing-production", "viewer", "checkout-payments-production", 403),
    ],
)
def test_a_team_sees_its_own_applications_only(
    fleet: Fleet, project: str, role: str, application: str, seen: int
) -> None:
    client = fleet.argo.client(fleet.argo.member(project, role))
    assert client.ask("GET", f"/api/v1/applications/{application}").status == seen


def test_outside_the_window_nobody_synchronises(fleet: Fleet) -> None:
    name = "billing-invoices-production"
    releaser = fleet.argo.client(fleet.argo.member("billing-production", "releaser"))
    for client in (releaser, fleet.argo.administrator()):
        answer = client.ask("POST", f"/api/v1/applications/{name}/sync", {"name": name})
        assert (answer.ok, "window" in answer.message) == (False, True), answer.message
    hold(3)
    assert fleet.states()[name] == ("OutOfSync", "Missing")


def test_inside_the_window_a_releaser_synchronises(released: Fleet) -> None:
    assert released.states()["checkout-payments-production"] == ("Synced", "Healthy")
    released.settle_gated("checkout-search-production")


def test_a_new_application_leaves_everything_else_alone(released: Fleet) -> None:
    before = released.identities()
    released.add("app", "refunds", "--team", "checkout")
    released.push()
    released.settle(teams.CONVERGED | {"checkout-refunds-dev", "checkout-refunds-staging"})
    after = released.identities()
    assert {key: uid for key, uid in after.items() if key in before} == before
    released.settle_gated("checkout-refunds-production")
    assert ("Deployment", "checkout-dev", "refunds") in after.keys() - before.keys()
    assert ("Deployment", "checkout-production", "refunds") not in after


def test_a_change_by_hand_is_undone_where_the_gate_is_automatic(released: Fleet) -> None:
    before = _uid(_deployment(released, "dev"))
    _set_image(released, "dev", "registry.example.com/checkout/payments:9.9.9")
    keeper = released.argo.control.keeper
    keeper.wait("the image is what Git says", 60, lambda: _image(released, "dev").endswith(":1.0.0"))
    assert _uid(_deployment(released, "dev")) == before


def test_what_was_deleted_by_hand_comes_back_where_the_gate_is_automatic(released: Fleet) -> None:
    kube = released.argo.kube
    before = _uid(kube.get("v1", "Service", "checkout-dev", "payments"))
    kube.delete("v1", "Service", "checkout-dev", "payments")
    found = released.argo.control.keeper.wait(
        "the service is there again", 60, lambda: kube.get("v1", "Service", "checkout-dev", "payments")
    )
    assert _uid(found) != before


def test_a_change_by_hand_is_reported_where_the_gate_is_manual(released: Fleet) -> None:
    image = "registry.example.com/checkout/payments:9.9.9"
    _set_image(released, "production", image)
    name = "checkout-payments-production"
    released.argo.control.keeper.wait("it is reported", 60, lambda: released.states()[name][0] == "OutOfSync")
    hold(10)
    assert (_image(released, "production"), released.states()[name][0]) == (image, "OutOfSync")


def _complaining(fleet: Fleet) -> set[str]:
    return {name for name, item in fleet.argo.applications().items() if conditions(item)}


def _deployment(fleet: Fleet, environment: str) -> Any:
    return fleet.argo.kube.get("apps/v1", "Deployment", f"checkout-{environment}", "payments")


def _image(fleet: Fleet, environment: str) -> str:
    return str(_deployment(fleet, environment)["spec"]["template"]["spec"]["containers"][0]["image"])


def _set_image(fleet: Fleet, environment: str, image: str) -> None:
    container = _deployment(fleet, environment)["spec"]["template"]["spec"]["containers"][0]
    change = {"spec": {"template": {"spec": {"containers": [{**container, "image": image}]}}}}
    fleet.argo.kube.patch("apps/v1", "Deployment", f"checkout-{environment}", "payments", change)


def _uid(item: Any) -> str:
    return str(item["metadata"]["uid"])


def test_a_removed_application_goes_where_the_gate_is_automatic_and_stays_where_it_is_manual(released: Fleet) -> None:
    name = "checkout-search-production"
    client = released.argo.client(released.argo.member("checkout-production", "releaser"))
    assert client.ask("POST", f"/api/v1/applications/{name}/sync", {"name": name}).ok
    released.argo.control.keeper.wait("it is released", 60, lambda: released.states()[name] == ("Synced", "Healthy"))
    before = released.identities()
    shutil.rmtree(released.tree / "apps" / "checkout" / "search")
    released.push()
    left = {key: uid for key, uid in before.items() if not _of_search_where_automatic(key)}
    keeper = released.argo.control.keeper
    keeper.wait("it goes", 120, lambda: not any(map(_of_search_where_automatic, released.identities())))
    assert released.identities() == left
    assert released.states()[name][1] == "Healthy"


def _of_search_where_automatic(key: tuple[str, str, str]) -> bool:
    _, namespace, name = key
    generated = name in {"checkout-search-dev", "checkout-search-staging"}
    return generated or (namespace in {"checkout-dev", "checkout-staging"} and name.startswith("search"))
