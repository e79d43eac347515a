"""A fleet whose clusters have an Argo CD each: the real one of a cluster deploys what is there and nothing else."""

from __future__ import annotations

import os
import signal

import pytest

from engines import argocd, fleets, golang
from engines.argocd import ArgoCD
from engines.fleets import Fleet
from engines.kube import read
from engines.programs import MODULES

_CLUSTERS = ("control_planes=per-cluster", "control_plane_cluster=eu-1", "clusters=us-1")
_ENVIRONMENTS = (
    "environments=[{name: dev}, {name: staging, cluster: us-1, gate: auto}, {name: production, gate: manual}]",
)
_HERE = ("dev", "production")
_PLATFORM = {
    "root",
    *(f"team-checkout-{environment}" for environment in _HERE),
    *(f"checkout-{environment}-baseline" for environment in _HERE),
}
_AUTOMATIC, _GATED = "checkout-payments-dev", "checkout-payments-production"


@pytest.fixture(scope="module")
def fleet(own_argo: ArgoCD, tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    """The fleet with a team and an application, taken into service on one of its two clusters as its page says."""
    found = Fleet(own_argo, tmp_path_factory.mktemp("per-cluster"), *_CLUSTERS, *_ENVIRONMENTS)
    found.add("team", "checkout")
    found.add("app", "payments", "--team", "checkout")
    found.push()
    found.follow_page("control-plane/eu-1/README.md")
    found.settle({*_PLATFORM, _AUTOMATIC})
    found.settle_gated(_GATED)
    return found


def test_the_environments_of_its_cluster_converge_and_no_others_are_there(fleet: Fleet) -> None:
    fleets.hold(6)  # longer than generators wait before they look again
    assert fleet.states().keys() == {*_PLATFORM, _AUTOMATIC, _GATED}
    assert not fleet.unsettled({*_PLATFORM, _AUTOMATIC})
    assert not _foreign(fleet, "staging")
    destinations = {item["spec"]["destination"].get("name") for item in fleet.argo.applications().values()}
    assert destinations == {"in-cluster"}
    # What Argo CD would know another cluster by.
    secrets = fleet.argo.kube.items("v1", "Secret", argocd.NAMESPACE)
    assert not [item for item in secrets if "argocd.argoproj.io/secret-type" in item["metadata"].get("labels", {})]


def test_it_lets_go_of_what_runs_when_another_one_takes_over(fleet: Fleet) -> None:
    """The last one here: as the page has it, with controllers that stand still where it scales them to none."""
    before = _workloads(fleet)
    assert before
    path = fleet.remote.published / "docs/control-planes.md"
    *_, finalizers, namespace, beside = fleets.shell_lines(path)
    assert fleet.argo.applications()[_AUTOMATIC]["metadata"]["finalizers"], "deleting it would delete what it deployed"
    _signal(fleet, signal.SIGSTOP)
    fleet.run(finalizers, path.parent)
    fleet.run(namespace, path.parent)
    _signal(fleet, signal.SIGCONT)
    fleets.hold(6)
    assert not fleet.argo.applications()
    fleet.argo.kube.apply(*read(golang.module_directory(MODULES["argo-cd"]) / "manifests" / "cluster-rbac"))
    assert _beside(fleet)
    fleet.run(beside, path.parent)
    assert not _beside(fleet)
    assert _workloads(fleet) == before


def _beside(fleet: Fleet) -> list[str]:
    """What Argo CD has outside of its namespace: its kinds, and its rights."""
    kinds = {"CustomResourceDefinition": "apiextensions.k8s.io/v1"}
    kinds |= dict.fromkeys(("ClusterRole", "ClusterRoleBinding"), "rbac.authorization.k8s.io/v1")
    found = (item["metadata"]["name"] for kind, api in kinds.items() for item in fleet.argo.kube.items(api, kind))
    return [name for name in found if name.startswith("argocd-") or name.endswith(".argoproj.io")]


def _workloads(fleet: Fleet) -> set[str]:
    return {item["metadata"]["uid"] for item in fleet.argo.kube.items("apps/v1", "Deployment", "checkout-dev")}


def _signal(fleet: Fleet, number: signal.Signals) -> None:
    names = {"application-controller", "applicationset-controller"}
    found = [process.pid for process in fleet.argo.control.keeper.processes if process.name in names]
    assert len(found) == len(names)
    for pid in found:
        os.kill(pid, number)


def _foreign(fleet: Fleet, environment: str) -> list[tuple[str, str, str]]:
    """What there is of an environment: namespaces, projects, generators, applications and all that they deploy."""
    return [key for key in fleet.identities() if any(environment in part.split("-") for part in key[1:])]
