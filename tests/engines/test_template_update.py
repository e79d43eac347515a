"""A newer template on the real Argo CD: a directory that every team has moves, and nothing is made anew."""

from __future__ import annotations

import shutil
from typing import Any

import pytest
import versions

from engines.argocd import ArgoCD
from engines.fleets import Fleet
from scaffold.cli import main

_ENVIRONMENTS = [{"name": "dev", "cluster": "hub", "gate": "auto"}]
_LAYERS: dict[str, dict[str, Any]] = {
    "": {"kind": "fleet", "environments": _ENVIRONMENTS},
    "clusters/hub": {"kind": "cluster"},
    "teams/checkout": {"kind": "team", "team": "checkout", "environments": _ENVIRONMENTS},
    "apps/checkout/payments": {"kind": "app", "team": "checkout", "app": "payments", "environments": ["dev"]},
}
_CONVERGED = ("root", "team-checkout-dev", "checkout-dev-baseline", "checkout-payments-dev")


@pytest.fixture(scope="module")
def fleet(own_argo: ArgoCD, tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    """A fleet that the first of several template versions wrote, converged."""
    templates = versions.write(tmp_path_factory.mktemp("versions") / "template.git")
    made = Fleet(own_argo, tmp_path_factory.mktemp("fleet"))
    shutil.rmtree(made.tree)
    versions.generate_into(made.tree, templates["v1.0.0"], _LAYERS)
    made.push()
    made.follow_page("control-plane/hub/README.md")
    made.settle(_CONVERGED)
    return made


def test_a_template_that_moves_a_directory_replaces_nothing(fleet: Fleet) -> None:
    before = fleet.identities()
    assert (fleet.tree / "teams/checkout/environments/dev").is_dir()
    assert main(["update", str(fleet.tree), "--to", "v2.0.0"]) == 0
    assert (fleet.tree / "teams/checkout/namespaces/dev").is_dir()
    assert not (fleet.tree / "teams/checkout/environments").exists()
    fleet.push()
    fleet.settle(_CONVERGED)
    source = fleet.argo.applications()["checkout-dev-baseline"]["spec"]["source"]["path"]
    assert source == "teams/checkout/namespaces/dev"
    after = fleet.identities()
    assert {key: after.get(key) for key in before} == before
    assert {kind for kind, _, _ in before} >= {"Namespace", "Deployment", "Pod", "PodDisruptionBudget", "Application"}
