"""A fleet whose teams are changed one stage after the other, on the real Argo CD."""

from __future__ import annotations

from typing import Any

import pytest

from engines.argocd import API, ArgoCD
from engines.fleets import Fleet, hold

_NAMES = ("dev", "staging", "production")
# A label that the API server refuses. What it cannot even compare counts as no news, and holds nobody.
_REFUSED = 'metadata:\n  labels:\n    example.com/stage: "no label!"\n'
_APPLICATIONS = {f"team-checkout-{name}" for name in _NAMES} | {f"checkout-{name}-baseline" for name in _NAMES}


@pytest.fixture(scope="module")
def fleet(own_argo: ArgoCD, tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    """A fleet with one team, taken into service."""
    fleet = Fleet(own_argo, tmp_path_factory.mktemp("fleet"), "progressive_sync=true")
    fleet.add("team", "checkout")
    fleet.push()
    fleet.follow_page("control-plane/hub/README.md")
    fleet.settle({"root"} | _APPLICATIONS)
    return fleet


def _describe(fleet: Fleet, name: str, text: str) -> None:
    path = fleet.tree / f"teams/checkout/control-plane/{name}/appproject.yaml"
    path.write_text(path.read_text().replace(f'"Applications of team checkout in {name}"', text))


def _described(fleet: Fleet, name: str) -> str:
    found = fleet.argo.kube.get(API, "AppProject", "argocd", f"checkout-{name}")
    description: str = found["spec"]["description"]
    return description


def test_a_stage_waits_for_the_one_before(fleet: Fleet) -> None:
    """One after the other: Argo CD lets a stage go that it has compared before it sees that the one before has news."""
    _replace(fleet, "metadata:\n", _REFUSED)
    fleet.push()
    fleet.argo.control.keeper.wait("dev refuses", 60, lambda: "no label!" in _operation(fleet).get("message", ""))
    assert fleet.states()["team-checkout-dev"][0] == "OutOfSync"
    for name in _NAMES[1:]:
        _describe(fleet, name, f'"What is deployed by checkout in {name}"')
    fleet.push()
    fleet.argo.control.keeper.wait(
        "staging has news", 60, lambda: fleet.states()["team-checkout-staging"][0] != "Synced"
    )
    hold(15)
    assert _described(fleet, "staging") == "Applications of team checkout in staging"
    _replace(fleet, _REFUSED, "metadata:\n")
    _describe(fleet, "dev", '"What is deployed by checkout in dev"')
    fleet.push()
    fleet.settle({"root"} | _APPLICATIONS)
    assert [_described(fleet, name) for name in _NAMES] == [
        f"What is deployed by checkout in {name}" for name in _NAMES
    ]


def _replace(fleet: Fleet, old: str, new: str) -> None:
    path = fleet.tree / "teams/checkout/control-plane/dev/appproject.yaml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))


def _operation(fleet: Fleet) -> dict[str, Any]:
    """What the last synchronisation of dev came to."""
    state: dict[str, Any] = fleet.argo.applications()["team-checkout-dev"]["status"]["operationState"]
    return state
