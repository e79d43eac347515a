"""A fleet whose environments have branches of their own, on the real controllers: what is promoted arrives, one by one.

The tests build on one another: a version and a base go from branch to branch.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engines.fleets import grow, hold
from engines.flux import NAMESPACE, Flux
from engines.flux_fleets import FluxFleet
from engines.git_http import served
from scaffold.cli import main

_IMAGE = "registry.example.com/checkout/payments"
_BASE = "apps/checkout/payments/base/deployment.yaml"
_ENVIRONMENTS = ("dev", "staging", "production")
_OF_TRUNK = (
    (NAMESPACE, "flux-system"),
    *((NAMESPACE, f"teams-{environment}") for environment in _ENVIRONMENTS),
    *((NAMESPACE, f"checkout-{environment}-baseline") for environment in _ENVIRONMENTS),
)


@pytest.fixture(scope="module")
def fleet(own_flux: Flux, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FluxFleet]:
    """A team with an application, the same on every branch."""
    directory = tmp_path_factory.mktemp("branches")
    (directory / "remote").mkdir()
    with served(directory / "remote") as address:
        made = FluxFleet(own_flux, directory, address, "secrets=none", "environment_strategy=branches")
        grow(made.tree, "team", "checkout")
        grow(made.tree, "app", "payments", "--team", "checkout")
        made.install()
        made.push("main", *(f"env/{name}" for name in _ENVIRONMENTS))
        made.follow_page()
        made.settle(made.pushed, *_OF_TRUNK)
        yield made


def _do(fleet: FluxFleet, *arguments: str) -> None:
    assert main([*arguments, "--push", "--repository", str(fleet.remote.published)]) == 0
    fleet.tell()


def _settled(fleet: FluxFleet, environment: str) -> tuple[str, str]:
    """The tag and the memory of an environment's application, once it is at the tip of its branch."""
    tip, namespace = fleet.remote.tip(f"env/{environment}"), f"checkout-{environment}"
    fleet.settle(tip, (namespace, "checkout-applications"), (namespace, "payments"))
    found = fleet.kube.get("apps/v1", "Deployment", namespace, "payments")
    container = found["spec"]["template"]["spec"]["containers"][0]
    return container["image"].rpartition(":")[2], container["resources"]["limits"]["memory"]


def test_all_branches_are_followed_and_the_manual_environment_waits(fleet: FluxFleet) -> None:
    assert [_settled(fleet, name) for name in ("dev", "staging")] == [("1.0.0", "128Mi")] * 2
    assert fleet.image("checkout-production", "payments") == ""


def test_a_bump_arrives_in_the_environment_of_its_branch_alone(fleet: FluxFleet) -> None:
    _do(fleet, "bump", f"{_IMAGE}:1.1.0", "-e", "dev")
    assert _settled(fleet, "dev") == ("1.1.0", "128Mi")
    assert _settled(fleet, "staging") == ("1.0.0", "128Mi")


def test_a_base_on_the_trunk_reaches_nobody_before_it_is_promoted(fleet: FluxFleet) -> None:
    path = fleet.tree / _BASE
    path.write_text(path.read_text().replace("memory: 128Mi", "memory: 256Mi"))
    trunk = fleet.push()
    fleet.settle(trunk, *_OF_TRUNK)
    hold(5)
    assert [_settled(fleet, name)[1] for name in ("dev", "staging")] == ["128Mi", "128Mi"]
    _do(fleet, "promote", "payments", "--to", "dev")
    assert _settled(fleet, "dev") == ("1.1.0", "256Mi")
    assert _settled(fleet, "staging") == ("1.0.0", "128Mi")


def test_a_promotion_takes_version_and_base_along(fleet: FluxFleet) -> None:
    _do(fleet, "promote", "payments", "--to", "staging")
    assert _settled(fleet, "staging") == ("1.1.0", "256Mi")


def test_a_promotion_pins_a_commit_of_the_environments_branch_where_the_gate_is_manual(fleet: FluxFleet) -> None:
    _do(fleet, "promote", "payments", "--to", "production")
    assert _settled(fleet, "production") == ("1.1.0", "256Mi")


def test_a_rollback_brings_version_and_base_back(fleet: FluxFleet) -> None:
    _do(fleet, "rollback", "payments", "-e", "staging", "--reason", "out of memory")
    assert _settled(fleet, "staging") == ("1.0.0", "128Mi")
    assert _settled(fleet, "dev") == ("1.1.0", "256Mi")
