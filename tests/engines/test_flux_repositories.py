"""A fleet whose team has a repository of its own, on the real controllers: both converge, each by its own commits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engines.fleets import TeamRepository, hold
from engines.flux import NAMESPACE, Flux, revision
from engines.flux_fleets import FluxFleet
from engines.git_http import served

_OF_FLEET = (
    (NAMESPACE, "flux-system"),
    *((NAMESPACE, f"teams-{environment}") for environment in ("dev", "staging", "production")),
    *((NAMESPACE, f"checkout-{environment}-baseline") for environment in ("dev", "staging", "production")),
)
_OF_TEAM = tuple(
    (f"checkout-{name}", of) for name in ("dev", "staging") for of in ("checkout-applications", "payments")
)
_RELEASED = (("checkout-production", "checkout-applications"), ("checkout-production", "payments"))


@pytest.fixture(scope="module")
def team(own_flux: Flux, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FluxFleet, TeamRepository]]:
    """The fleet and its team's repository, which has an application."""
    directory = tmp_path_factory.mktemp("repositories")
    (directory / "remote").mkdir()
    with served(directory / "remote") as address:
        fleet = FluxFleet(own_flux, directory, address, "secrets=none", "topology=multi-repo")
        own = TeamRepository(fleet.tree, directory, "checkout", served=address)
        fleet.remote.addresses |= own.remote.addresses
        own.add("app", "payments")
        own.push()
        fleet.install()
        fleet.push()
        fleet.follow_page()
        fleet.settle(fleet.pushed, *_OF_FLEET)
        fleet.settle(own.pushed, *_OF_TEAM)
        yield fleet, own


def test_both_repositories_converge_and_manual_environments_wait(team: tuple[FluxFleet, TeamRepository]) -> None:
    fleet, _ = team
    assert [fleet.image(f"checkout-{name}", "payments") for name in ("dev", "staging", "production")] == [
        "1.0.0",
        "1.0.0",
        "",
    ]


def test_a_release_in_the_fleet_pins_a_commit_of_the_teams_repository(team: tuple[FluxFleet, TeamRepository]) -> None:
    fleet, own = team
    fleet.release("checkout", "production", own.pushed)
    fleet.settle(own.pushed, *_RELEASED)
    assert fleet.image("checkout-production", "payments") == "1.0.0"


def test_the_team_grows_without_a_commit_in_the_fleet(team: tuple[FluxFleet, TeamRepository]) -> None:
    fleet, own = team
    before, released = fleet.identities(), revision(fleet.get(_RELEASED[1]))
    own.add("app", "refunds")
    own.push()
    fleet.tell()
    fleet.settle(own.pushed, *_OF_TEAM, ("checkout-dev", "refunds"), ("checkout-staging", "refunds"))
    hold(5)
    after = fleet.identities()
    assert {key: uid for key, uid in after.items() if key in before} == before
    assert ("Deployment", "checkout-dev", "refunds") in after
    assert ("Deployment", "checkout-production", "refunds") not in after
    assert revision(fleet.get(_RELEASED[1])) == released
