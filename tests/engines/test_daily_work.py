"""What the daily verbs write, on the real Argo CD: versions arrive and go back, what is adopted is not made anew.

The tests build on one another: a version goes through the environments, one of two comes back, a stranger moves in.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engines import legacy
from engines.argocd import ArgoCD
from engines.control_plane import ControlPlane
from engines.fleets import Fleet, commit
from scaffold.cli import main
from scaffold.compare.dangers import dangers
from scaffold.compare.nouns import Change
from scaffold.model import Manifest

_PAYMENTS = "registry.example.com/checkout/payments"
_SEARCH = "registry.example.com/checkout/search"
_CONVERGED = {"root"} | {f"checkout-{app}-{env}" for app in ("payments", "search") for env in ("dev", "staging")}


@pytest.fixture(scope="module")
def fleet(own_argo: ArgoCD, tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    """A team with two applications, everywhere in its first version."""
    made = Fleet(own_argo, tmp_path_factory.mktemp("fleet"))
    made.add("team", "checkout")
    for name in ("payments", "search"):
        made.add("app", name, "--team", "checkout")
    made.push()
    made.follow_page("control-plane/hub/README.md")
    made.settle(_CONVERGED)
    return made


def _do(fleet: Fleet, *arguments: str) -> int:
    return main([*arguments, "--repository", str(fleet.tree)])


def _image(fleet: Fleet, environment: str, name: str = "payments") -> str:
    found = fleet.argo.kube.get("apps/v1", "Deployment", f"checkout-{environment}", name)
    return str(found["spec"]["template"]["spec"]["containers"][0]["image"])


def test_a_bumped_version_arrives_in_its_environment_alone(fleet: Fleet) -> None:
    assert _do(fleet, "bump", f"{_PAYMENTS}:1.1.0", "-e", "dev") == 0
    fleet.push()
    fleet.settle(_CONVERGED)
    assert [_image(fleet, name) for name in ("dev", "staging")] == [f"{_PAYMENTS}:1.1.0", f"{_PAYMENTS}:1.0.0"]


def test_a_promoted_version_arrives_and_waits_where_the_gate_is_manual(fleet: Fleet) -> None:
    assert _do(fleet, "promote", "payments", "--to", "staging") == 0
    fleet.push()
    fleet.settle(_CONVERGED)
    assert _image(fleet, "staging") == f"{_PAYMENTS}:1.1.0"
    assert _do(fleet, "promote", "payments", "--to", "production") == 0
    fleet.push()
    fleet.settle(_CONVERGED)
    fleet.settle_gated("checkout-payments-production")


def test_one_of_two_applications_of_a_commit_goes_back(fleet: Fleet) -> None:
    for image in (_PAYMENTS, _SEARCH):
        assert _do(fleet, "bump", f"{image}:2.0.0", "-e", "staging") == 0
    fleet.push()
    fleet.settle(_CONVERGED)
    before = fleet.identities()
    assert _do(fleet, "rollback", "payments", "-e", "staging", "--reason", "errors") == 0
    fleet.push()
    fleet.settle(_CONVERGED)
    assert _image(fleet, "staging") == f"{_PAYMENTS}:1.1.0"
    assert _image(fleet, "staging", "search") == f"{_SEARCH}:2.0.0"
    made = {key for key in fleet.identities().keys() - before.keys() if key[2].startswith("search")}
    assert made == set(), "nothing of the other one is made anew"


def test_what_went_back_stays_until_it_is_released(fleet: Fleet) -> None:
    assert _do(fleet, "bump", f"{_PAYMENTS}:2.1.0", "-e", "staging") == 1
    assert _do(fleet, "hold", "release", "payments", "-e", "staging") == 0
    commit(fleet.tree)
    assert _do(fleet, "bump", f"{_PAYMENTS}:2.1.0", "-e", "staging") == 0
    fleet.push()
    fleet.settle(_CONVERGED)
    assert _image(fleet, "staging") == f"{_PAYMENTS}:2.1.0"


def test_nothing_of_what_is_adopted_is_made_anew(fleet: Fleet, tmp_path: Path) -> None:
    live = legacy.running(fleet.argo.kube, fleet.argo.control.keeper, "checkout-dev", tmp_path)
    before = _legacy(fleet)
    assert _do(fleet, "adopt", str(live), *legacy.ARGUMENTS) == 0
    fleet.push()
    fleet.settle(_CONVERGED | {"checkout-legacy-dev"})
    after = fleet.identities()
    assert {key: after.get(key) for key in before} == before
    assert len(before) >= 4, "a Service, a Deployment, its ReplicaSet, its Pod"


def _legacy(fleet: Fleet) -> dict[tuple[str, str, str], str]:
    return {key: uid for key, uid in fleet.identities().items() if key[2].startswith("legacy")}


_POD = {"containers": [{"name": "a", "image": "registry.example.com/a:1"}]}


def _templated(kind: str, **spec: Any) -> dict[str, Any]:
    template = {"metadata": {"labels": {"app": "a"}}, "spec": _POD}
    body = {"selector": {"matchLabels": {"app": "a"}}, "template": template, **spec}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "danger"}, "spec": body}


def _object(api_version: str, kind: str, **fields: Any) -> dict[str, Any]:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": "danger"}, **fields}


_ROLE = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole"}
_CLAIM = {"accessModes": ["ReadWriteOnce"], "storageClassName": "a"}
_LABELLED = {"metadata": {"labels": {"app": "a", "other": "b"}}, "spec": _POD}
_REFUSED = {
    "selector": (
        _templated("Deployment"),
        _templated("Deployment", selector={"matchLabels": {"other": "b"}}, template=_LABELLED),
    ),
    "service-name": (_templated("StatefulSet", serviceName="a"), _templated("StatefulSet", serviceName="b")),
    "pod-management": (
        _templated("StatefulSet", serviceName="a", podManagementPolicy="OrderedReady"),
        _templated("StatefulSet", serviceName="a", podManagementPolicy="Parallel"),
    ),
    "role": (
        _object("rbac.authorization.k8s.io/v1", "RoleBinding", roleRef={**_ROLE, "name": "view"}),
        _object("rbac.authorization.k8s.io/v1", "RoleBinding", roleRef={**_ROLE, "name": "edit"}),
    ),
    "storage-class": (
        _object("storage.k8s.io/v1", "StorageClass", provisioner="example.com/a"),
        _object("storage.k8s.io/v1", "StorageClass", provisioner="example.com/b"),
    ),
    "claim-class": (
        _object("v1", "PersistentVolumeClaim", spec={**_CLAIM, "resources": {"requests": {"storage": "1Gi"}}}),
        _object(
            "v1",
            "PersistentVolumeClaim",
            spec={**_CLAIM, "storageClassName": "b", "resources": {"requests": {"storage": "1Gi"}}},
        ),
    ),
    "immutable": (
        _object("v1", "ConfigMap", immutable=True, data={"a": "b"}),
        _object("v1", "ConfigMap", immutable=True, data={"a": "c"}),
    ),
    "priority": (
        _object("scheduling.k8s.io/v1", "PriorityClass", value=1),
        _object("scheduling.k8s.io/v1", "PriorityClass", value=2),
    ),
    "controller": (
        _object("networking.k8s.io/v1", "IngressClass", spec={"controller": "example.com/a"}),
        _object("networking.k8s.io/v1", "IngressClass", spec={"controller": "example.com/b"}),
    ),
}


@pytest.mark.parametrize("name", _REFUSED)
def test_the_server_refuses_what_diff_calls_refused(api_server: ControlPlane, name: str) -> None:
    before, after = ({**item, "metadata": {"name": f"danger-{name}"}} for item in _REFUSED[name])
    (danger,) = dangers([Change(Manifest(before, "").identity, before, after)], pruned=True, keep="")
    assert "which the API server refuses" in danger.fact
    api_server.kube.apply(before)
    assert not api_server.kube.try_out(after).ok, "the server takes it"
