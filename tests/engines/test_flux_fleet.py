"""A fleet of Flux's layout on the real controllers: one environment follows the branch, one is pinned by its releasers.

The tree stands in `flux_fleet/`. The fixtures build on one another: deployed, then released.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engines.fleets import hold
from engines.flux import KUSTOMIZATION, NAMESPACE, SOURCE, Flux, ready, revision
from engines.git_http import served
from engines.processes import EngineError
from engines.remotes import Remote

_TREE = Path(__file__).parent / "flux_fleet"
_OVERLAY = "apps/checkout/payments/overlays/{environment}/kustomization.yaml"
_RELEASE = "teams/checkout/environments/production/release.yaml"
_PIN = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: {name}
spec:
  ref:
    commit: {commit}
"""
_REQUESTED = "reconcile.fluxcd.io/requestedAt"
_SECONDS = 90
# In the order in which each makes the next; the first is applied by hand.
_CHAIN = (
    (NAMESPACE, "teams-dev"),
    (NAMESPACE, "checkout-dev-baseline"),
    ("checkout-dev", "checkout-applications"),
    ("checkout-dev", "payments"),
)
_BASELINE = (NAMESPACE, "checkout-production-baseline")
_RELEASED = (("checkout-production", "checkout-applications"), ("checkout-production", "payments"))
_KINDS = (
    ("v1", "Namespace"),
    ("v1", "Service"),
    ("v1", "Pod"),
    ("apps/v1", "Deployment"),
    SOURCE,
    KUSTOMIZATION,
)


class _Fleet:
    """The tree, where it is published, and the Flux that follows it."""

    def __init__(self, flux: Flux, tree: Path, remote: Remote) -> None:
        self.kube = flux.kube
        self.tree = tree
        self.remote = remote
        self.keeper = flux.control.keeper
        self.pushed = ""

    def push(self) -> str:
        self.pushed = self.remote.push(self.tree)
        return self.pushed

    def settle(self, commit: str, *names: tuple[str, str]) -> None:
        """Wait until these Kustomizations are Ready at a commit."""
        try:
            self.keeper.wait("Flux converges", _SECONDS, lambda: not self._unsettled(commit, names))
        except EngineError as error:
            raise EngineError(f"{error}: {self._unsettled(commit, names)}") from error

    def get(self, name: tuple[str, str]) -> Any:
        return self.kube.get(*KUSTOMIZATION, *name)

    def image(self, environment: str) -> str:
        """The tag that an environment runs, or nothing where nothing is deployed."""
        found = self.kube.get("apps/v1", "Deployment", f"checkout-{environment}", "payments")
        return str(found["spec"]["template"]["spec"]["containers"][0]["image"]).rpartition(":")[2] if found else ""

    def set_tag(self, environment: str, tag: str) -> None:
        path = self.tree / _OVERLAY.format(environment=environment)
        lines = path.read_text().splitlines()
        path.write_text("\n".join([*lines[:-1], f"    newTag: {tag}"]) + "\n")

    def release(self, commit: str) -> None:
        """Move the pin of production, which is a push of its own."""
        pins = (_PIN.format(name=name, commit=commit) for name in ("checkout", "checkout-applications"))
        (self.tree / _RELEASE).write_text("---\n".join(pins))
        self.push()

    def identities(self) -> dict[tuple[str, str, str], str]:
        return {
            (kind, item["metadata"].get("namespace", ""), item["metadata"]["name"]): item["metadata"]["uid"]
            for api_version, kind in _KINDS
            for item in self.kube.items(api_version, kind)
        }

    def _unsettled(self, commit: str, names: tuple[tuple[str, str], ...]) -> dict[str, Any]:
        found = {name: self.get(name) for name in names}
        return {
            "/".join(name): (item or {}).get("status")
            for name, item in found.items()
            if not ready(item) or revision(item) != commit
        }


@pytest.fixture(scope="module")
def deployed(flux: Flux, tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Fleet]:
    """The tree pushed, and the cluster's own directory applied."""
    directory = tmp_path_factory.mktemp("flux")
    tree = shutil.copytree(_TREE, directory / "tree")
    (directory / "remote").mkdir()
    with served(directory / "remote") as address:
        fleet = _Fleet(flux, tree, Remote(directory / "remote", address))
        fleet.push()
        environment = {**os.environ, **flux.control.environment}
        command = ("kubectl", "apply", "--server-side", "-f", str(fleet.remote.published / "clusters" / "hub"))
        subprocess.run(command, check=True, env=environment, capture_output=True, timeout=60)
        fleet.settle(fleet.pushed, *_CHAIN, _BASELINE)
        yield fleet


@pytest.fixture(scope="module")
def released(deployed: _Fleet) -> _Fleet:
    """The pin moved for the first time, to what development runs."""
    commit = deployed.pushed
    deployed.release(commit)
    deployed.settle(deployed.pushed, _BASELINE)
    deployed.settle(commit, *_RELEASED)
    return deployed


def test_what_follows_the_branch_becomes_ready_in_order(deployed: _Fleet) -> None:
    made = [deployed.get(name)["metadata"]["creationTimestamp"] for name in _CHAIN]
    assert made == sorted(made)
    assert (deployed.image("dev"), ready(deployed.get(_CHAIN[-1]))) == ("1.0.0", True)


def test_what_is_not_released_is_suspended_and_deploys_nothing(deployed: _Fleet) -> None:
    sources = [
        deployed.kube.get(*SOURCE, "checkout-production", name) for name in ("checkout", "checkout-applications")
    ]
    assert [source["spec"]["suspend"] for source in sources] == [True, True]
    assert deployed.get(_RELEASED[1]) is None
    assert deployed.image("production") == ""


def test_a_release_deploys_the_pinned_commit(released: _Fleet) -> None:
    assert released.image("production") == "1.0.0"
    assert revision(released.get(_RELEASED[1])) != released.pushed


def test_a_push_moves_what_follows_the_branch_and_not_what_is_pinned(released: _Fleet) -> None:
    before = revision(released.get(_RELEASED[1]))
    for environment in ("dev", "production"):
        released.set_tag(environment, "1.1.0")
    commit = released.push()
    released.settle(commit, *_CHAIN)
    hold(7)
    assert (released.image("dev"), released.image("production")) == ("1.1.0", "1.0.0")
    assert revision(released.get(_RELEASED[1])) == before
    released.release(commit)
    released.settle(commit, *_RELEASED)
    assert released.image("production") == "1.1.0"


def test_a_new_application_leaves_everything_else_alone(released: _Fleet) -> None:
    before = released.identities()
    apps = released.tree / "apps" / "checkout"
    shutil.copytree(apps / "payments", apps / "refunds")
    for path in (path for path in (apps / "refunds").rglob("*") if path.is_file()):
        path.write_text(path.read_text().replace("payments", "refunds"))
    commit = released.push()
    released.settle(commit, *_CHAIN, ("checkout-dev", "refunds"))
    after = released.identities()
    assert {key: uid for key, uid in after.items() if key in before} == before
    assert ("Deployment", "checkout-dev", "refunds") in after
    assert ("Deployment", "checkout-production", "refunds") not in after


def test_a_change_by_hand_is_undone_in_fields_that_git_names_and_in_no_other(released: _Fleet) -> None:
    name = ("checkout-dev", "payments")
    container = released.kube.get("apps/v1", "Deployment", *name)["spec"]["template"]["spec"]["containers"][0]
    before = released.image("dev")
    template = {"spec": {"containers": [{**container, "image": f"{container['image']}-by-hand"}]}}
    released.kube.patch("apps/v1", "Deployment", *name, {"spec": {"replicas": 3, "template": template}})
    released.kube.patch(*KUSTOMIZATION, *name, {"metadata": {"annotations": {_REQUESTED: "now"}}})
    released.keeper.wait("the image is what Git says", 60, lambda: released.image("dev") == before)
    assert released.kube.get("apps/v1", "Deployment", *name)["spec"]["replicas"] == 3
