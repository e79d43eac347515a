"""A fleet whose environments have branches of their own, on the real Argo CD: what is promoted arrives, one by one.

The tests build on one another: a version and a base go from branch to branch.
"""

from __future__ import annotations

import pytest

from engines.argocd import ArgoCD
from engines.fleets import Fleet, hold
from scaffold import git
from scaffold.cli import main

_IMAGE = "registry.example.com/checkout/payments"
_BASE = "apps/checkout/payments/base/deployment.yaml"
_ENVIRONMENTS = ("dev", "staging", "production")
_OF_TRUNK = {
    "root",
    *(f"team-checkout-{environment}" for environment in _ENVIRONMENTS),
    *(f"checkout-{environment}-baseline" for environment in _ENVIRONMENTS),
}


@pytest.fixture(scope="module")
def fleet(own_argo: ArgoCD, tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    """A team with an application, the same on every branch."""
    made = Fleet(own_argo, tmp_path_factory.mktemp("fleet"), "environment_strategy=branches")
    made.add("team", "checkout")
    made.add("app", "payments", "--team", "checkout")
    made.push("main", *(f"env/{name}" for name in _ENVIRONMENTS))
    made.follow_page("control-plane/hub/README.md")
    made.settle({*_OF_TRUNK, "checkout-payments-dev", "checkout-payments-staging"})
    return made


def _do(fleet: Fleet, *arguments: str) -> None:
    assert main([*arguments, "--push", "--repository", str(fleet.remote.published)]) == 0


def _settled(fleet: Fleet, environment: str) -> tuple[str, str]:
    """The image and the memory of an environment's application, once it is at the tip of its branch."""
    fleet.settle({f"checkout-payments-{environment}"}, fleet.remote.tip(f"env/{environment}"))
    found = fleet.argo.kube.get("apps/v1", "Deployment", f"checkout-{environment}", "payments")
    container = found["spec"]["template"]["spec"]["containers"][0]
    return container["image"].rpartition(":")[2], container["resources"]["limits"]["memory"]


def test_all_branches_are_followed_and_the_manual_environment_waits(fleet: Fleet) -> None:
    fleet.settle_gated("checkout-payments-production")
    followed = {
        name: item["spec"]["source"]["targetRevision"]
        for name, item in fleet.argo.applications().items()
        if name.startswith("checkout-")
    }
    assert followed == {
        **{f"checkout-payments-{name}": f"env/{name}" for name in _ENVIRONMENTS},
        **{f"checkout-{name}-baseline": "main" for name in _ENVIRONMENTS},
    }


def test_a_bump_arrives_in_the_environment_of_its_branch_alone(fleet: Fleet) -> None:
    before = fleet.identities()
    _do(fleet, "bump", f"{_IMAGE}:1.1.0", "-e", "dev")
    assert _settled(fleet, "dev") == ("1.1.0", "128Mi")
    assert _settled(fleet, "staging") == ("1.0.0", "128Mi")
    after = fleet.identities()
    lasting = {key for key in before if key[0] not in ("Pod", "ReplicaSet")}
    assert {key: after.get(key) for key in lasting} == {key: before[key] for key in lasting}


def test_a_base_on_the_trunk_reaches_nobody_before_it_is_promoted(fleet: Fleet) -> None:
    path = fleet.tree / _BASE
    path.write_text(path.read_text().replace("memory: 128Mi", "memory: 256Mi"))
    fleet.push()
    fleet.settle(_OF_TRUNK)
    hold(5)
    assert [_settled(fleet, name)[1] for name in ("dev", "staging")] == ["128Mi", "128Mi"]
    _do(fleet, "promote", "payments", "--to", "dev")
    assert _settled(fleet, "dev") == ("1.1.0", "256Mi")
    assert _settled(fleet, "staging") == ("1.0.0", "128Mi")


def test_a_promotion_takes_version_and_base_along(fleet: Fleet) -> None:
    _do(fleet, "promote", "payments", "--to", "staging")
    assert _settled(fleet, "staging") == ("1.1.0", "256Mi")
    _do(fleet, "promote", "payments", "--to", "production")
    hold(5)
    fleet.settle_gated("checkout-payments-production")
    assert "memory: 256Mi" in git.run(fleet.remote.bare, "show", f"env/production:{_BASE}")


def test_a_rollback_brings_version_and_base_back(fleet: Fleet) -> None:
    _do(fleet, "rollback", "payments", "-e", "staging", "--reason", "out of memory")
    assert _settled(fleet, "staging") == ("1.0.0", "128Mi")
    assert _settled(fleet, "dev") == ("1.1.0", "256Mi")
