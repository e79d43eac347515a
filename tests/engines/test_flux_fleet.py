"""A generated fleet on the real controllers: two environments follow the branch, one is pinned by its releasers.

The fixtures build on one another: empty, then deployed, then released.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engines import legacy
from engines.fleets import grow, hold
from engines.flux import KUSTOMIZATION, NAMESPACE, SOURCE, Flux, ready, revision
from engines.flux_fleets import FluxFleet
from engines.git_http import served
from scaffold.cli import main

_REQUESTED = "reconcile.fluxcd.io/requestedAt"
# In the order in which each makes the next; the first is applied by hand.
_CHAIN = (
    (NAMESPACE, "flux-system"),
    (NAMESPACE, "platform-controllers"),
    (NAMESPACE, "platform-configs"),
    (NAMESPACE, "teams-dev"),
    (NAMESPACE, "checkout-dev-baseline"),
    ("checkout-dev", "checkout-applications"),
    ("checkout-dev", "payments"),
)
_GATED = (NAMESPACE, "teams-production")
_BASELINE = (NAMESPACE, "checkout-production-baseline")
_RELEASED = (("checkout-production", "checkout-applications"), ("checkout-production", "payments"))
_OVERLAY = "./apps/checkout/payments/overlays/dev"
# What a team may not do, and what Flux says to it: account, source, path, words of the answer.
_REFUSED = {
    "source-of-another-namespace": ("checkout", (NAMESPACE, "flux-system"), _OVERLAY, "cross-namespace references"),
    "without-an-account": ("", ("checkout-dev", "checkout"), _OVERLAY, "forbidden"),
    "what-the-platform-owns": (
        "checkout",
        ("checkout-dev", "checkout"),
        "./teams/checkout/environments/dev",
        "forbidden",
    ),
}


@pytest.fixture(scope="module")
def empty(own_flux: Flux, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FluxFleet]:
    """A fleet without a team, taken into service as the cluster's page says."""
    directory = tmp_path_factory.mktemp("flux")
    (directory / "remote").mkdir()
    with served(directory / "remote") as address:
        fleet = FluxFleet(own_flux, directory, address, "secrets=none")
        fleet.install()
        fleet.push()
        fleet.follow_page()
        fleet.settle(fleet.pushed, *_CHAIN[:4], _GATED)
        yield fleet


@pytest.fixture(scope="module")
def deployed(empty: FluxFleet) -> FluxFleet:
    """The same fleet with a team and its application."""
    grow(empty.tree, "team", "checkout")
    grow(empty.tree, "app", "payments", "--team", "checkout")
    empty.push()
    empty.settle(empty.pushed, *_CHAIN, _BASELINE)
    return empty


@pytest.fixture(scope="module")
def released(deployed: FluxFleet) -> FluxFleet:
    """The pin moved for the first time, to what development runs."""
    commit = deployed.pushed
    deployed.release("checkout", "production", commit)
    deployed.settle(deployed.pushed, _BASELINE)
    deployed.settle(commit, *_RELEASED)
    return deployed


def test_an_empty_fleet_becomes_ready(empty: FluxFleet) -> None:
    assert ready(empty.get(_GATED))


def test_what_follows_the_branch_becomes_ready_in_order(deployed: FluxFleet) -> None:
    made = [deployed.get(name)["metadata"]["creationTimestamp"] for name in _CHAIN]
    assert made == sorted(made)
    assert (deployed.image("checkout-dev", "payments"), ready(deployed.get(_CHAIN[-1]))) == ("1.0.0", True)


def test_what_is_not_released_is_suspended_and_deploys_nothing(deployed: FluxFleet) -> None:
    sources = [
        deployed.kube.get(*SOURCE, "checkout-production", name) for name in ("checkout", "checkout-applications")
    ]
    assert [source["spec"]["suspend"] for source in sources] == [True, True]
    assert deployed.get(_RELEASED[1]) is None
    assert deployed.image("checkout-production", "payments") == ""


@pytest.mark.parametrize("case", _REFUSED)
def test_a_team_reaches_nothing_but_its_own(deployed: FluxFleet, case: str) -> None:
    account, (namespace, source), path, words = _REFUSED[case]
    spec: dict[str, Any] = {
        "interval": "10m",
        "prune": False,
        "path": path,
        "sourceRef": {"kind": "GitRepository", "name": source, "namespace": namespace},
        **({"serviceAccountName": account} if account else {}),
    }
    api_version, kind = KUSTOMIZATION
    metadata = {"name": case, "namespace": "checkout-dev"}
    deployed.kube.apply({"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": spec})
    deployed.keeper.wait("Flux refuses", 60, lambda: words in _message(deployed.get(("checkout-dev", case))))
    assert not ready(deployed.get(("checkout-dev", case)))


def _message(item: Any) -> str:
    conditions = item.get("status", {}).get("conditions", ())
    return next((str(c["message"]) for c in conditions if c["type"] == "Ready"), "")


def test_a_release_deploys_the_pinned_commit(released: FluxFleet) -> None:
    assert released.image("checkout-production", "payments") == "1.0.0"
    assert revision(released.get(_RELEASED[1])) != released.pushed


def test_a_push_moves_what_follows_the_branch_and_not_what_is_pinned(released: FluxFleet) -> None:
    before = revision(released.get(_RELEASED[1]))
    for environment in ("dev", "staging", "production"):
        released.set_tag("checkout", "payments", environment, "1.1.0")
    commit = released.push()
    released.settle(commit, *_CHAIN)
    hold(7)
    runs = [released.image(f"checkout-{environment}", "payments") for environment in ("dev", "production")]
    assert (runs, revision(released.get(_RELEASED[1]))) == (["1.1.0", "1.0.0"], before)
    released.pushed_by("promote", "payments", "--to", "production")
    released.settle(commit, *_RELEASED)
    assert released.image("checkout-production", "payments") == "1.1.0"
    released.pushed_by("rollback", "payments", "--environment", "production", "--reason", "errors", "--hold", "0")
    released.settle(before, *_RELEASED)
    assert released.image("checkout-production", "payments") == "1.0.0"


def test_a_new_application_leaves_everything_else_alone(released: FluxFleet) -> None:
    before = released.identities()
    grow(released.tree, "app", "refunds", "--team", "checkout")
    commit = released.push()
    released.settle(commit, *_CHAIN, ("checkout-dev", "refunds"))
    after = released.identities()
    assert {key: uid for key, uid in after.items() if key in before} == before
    assert ("Deployment", "checkout-dev", "refunds") in after
    assert ("Deployment", "checkout-production", "refunds") not in after


def test_a_change_by_hand_is_undone_in_fields_that_git_names_and_in_no_other(released: FluxFleet) -> None:
    name = ("checkout-dev", "payments")
    container = released.kube.get("apps/v1", "Deployment", *name)["spec"]["template"]["spec"]["containers"][0]
    before = released.image(*name)
    template = {"spec": {"containers": [{**container, "image": f"{container['image']}-by-hand"}]}}
    released.kube.patch("apps/v1", "Deployment", *name, {"spec": {"minReadySeconds": 1, "template": template}})
    released.kube.patch(*KUSTOMIZATION, *name, {"metadata": {"annotations": {_REQUESTED: "now"}}})
    released.keeper.wait("the image is what Git says", 60, lambda: released.image(*name) == before)
    assert released.kube.get("apps/v1", "Deployment", *name)["spec"]["minReadySeconds"] == 1


def test_nothing_of_what_is_adopted_is_made_anew(released: FluxFleet, tmp_path: Path) -> None:
    live = legacy.running(released.kube, released.keeper, "checkout-dev", tmp_path)
    before = {key: uid for key, uid in released.identities().items() if key[2].startswith("legacy")}
    assert main(["adopt", str(live), *legacy.ARGUMENTS, "--repository", str(released.tree)]) == 0
    commit = released.push()
    released.settle(commit, ("checkout-dev", "checkout-applications"), ("checkout-dev", "legacy"))
    after = released.identities()
    assert {key: after.get(key) for key in before} == before
    assert len(before) >= 3, "a Service, a Deployment, its Pod"
    labels = released.kube.get("apps/v1", "Deployment", "checkout-dev", "legacy")["metadata"]["labels"]
    assert labels["kustomize.toolkit.fluxcd.io/name"] == "legacy", "it is Flux that applies it now"
