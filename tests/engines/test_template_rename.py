"""A newer template that renames what deploys: refused, and by the steps that are told nothing is made anew."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import versions

from engines.argocd import ArgoCD
from engines.fleets import Fleet
from engines.flux import Flux
from engines.flux_fleets import FluxFleet
from engines.git_http import served
from scaffold.cli import main

_ENVIRONMENTS = [{"name": "dev", "cluster": "hub", "gate": "auto"}]
_RENAMED = ("Application", "ApplicationSet", "Kustomization", "GitRepository")
_Identities = dict[tuple[str, str, str], str]


def _write(fleet: Fleet | FluxFleet, directory: Path, engine: str, **answers: Any) -> None:
    """Write one application in place of what is there, by the first of two versions of the template."""
    templates = versions.renaming(directory, engine)
    told = {"engine": engine, "environments": _ENVIRONMENTS}
    without = {key: answers[key] for key in ("secrets",) if key in answers}
    layers = {
        "": {**told, **answers, "kind": "fleet"},
        "clusters/hub": {**told, **answers, "kind": "cluster"},
        "teams/checkout": {**told, **without, "kind": "team", "team": "checkout"},
        "apps/checkout/payments": {**told, "kind": "app", "team": "checkout", "app": "payments"},
    }
    shutil.rmtree(fleet.tree)
    versions.generate_into(fleet.tree, templates["v1.0.0"], layers)


def _deployed(identities: _Identities) -> _Identities:
    """What is deployed, apart from the objects that deploy it."""
    return {key: uid for key, uid in identities.items() if key[0] not in _RENAMED}


def _refused(tree: Path, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["update", str(tree)]) == 1
    assert told in capsys.readouterr().err


def _replace(path: Path, old: str, new: str) -> None:
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


@pytest.fixture(scope="module")
def argo_fleet(own_argo: ArgoCD, tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    """A fleet of one application, converged on Argo CD."""
    made = Fleet(own_argo, tmp_path_factory.mktemp("fleet"))
    _write(made, tmp_path_factory.mktemp("versions") / "template.git", "argocd")
    made.push()
    made.follow_page("control-plane/hub/README.md")
    made.settle(("root", "team-checkout-dev", "checkout-dev-baseline", "checkout-payments-dev"))
    return made


def test_argo_cd_keeps_what_renamed_applications_deployed(
    argo_fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    generator = "teams/checkout/control-plane/dev/applications.yaml"
    before = _deployed(argo_fleet.identities())
    step = f"set spec.syncPolicy.preserveResourcesOnDeletion to true in {generator}"
    _refused(argo_fleet.tree, step, capsys)
    _replace(argo_fleet.tree / generator, "preserveResourcesOnDeletion: false", "preserveResourcesOnDeletion: true")
    argo_fleet.push()
    argo_fleet.argo.control.keeper.wait("the finalizer is gone", 120, lambda: not _finalizers(argo_fleet))
    assert main(["update", str(argo_fleet.tree), "--allow-destructive"]) == 0
    argo_fleet.push()
    argo_fleet.settle(("checkout-dev-baseline", "app-checkout-payments-dev"))
    argo_fleet.argo.control.keeper.wait(
        "the old one goes", 60, lambda: "checkout-payments-dev" not in _names(argo_fleet)
    )
    after = argo_fleet.identities()
    assert {key: after.get(key) for key in before} == before
    assert {kind for kind, _, _ in before} >= {"Namespace", "Deployment", "Pod", "PodDisruptionBudget"}


def _finalizers(fleet: Fleet) -> Any:
    return fleet.argo.applications()["checkout-payments-dev"]["metadata"].get("finalizers")


def _names(fleet: Fleet) -> set[str]:
    return set(fleet.argo.applications())


@pytest.fixture(scope="module")
def flux_fleet(own_flux: Flux, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FluxFleet]:
    """The same, converged on Flux."""
    directory = tmp_path_factory.mktemp("flux")
    (directory / "remote").mkdir()
    with served(directory / "remote") as address:
        made = FluxFleet(own_flux, directory, address, "secrets=none")
        _write(made, directory / "template.git", "flux", flux_install="bootstrap", secrets="none")
        made.install()
        made.push()
        made.follow_page()
        made.settle(made.pushed, ("flux-system", "teams-dev"), ("checkout-dev", "payments"))
        yield made


def test_flux_keeps_what_renamed_kustomizations_deployed(
    flux_fleet: FluxFleet, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = ("checkout-dev", "payments"), ("checkout-dev", "app-payments")
    before = _deployed(flux_fleet.identities())
    step = "set spec.prune to false in Kustomization checkout-dev/payments, without a spec.deletionPolicy"
    _refused(flux_fleet.tree, step, capsys)
    _replace(flux_fleet.tree / "apps/checkout/payments/flux/dev/payments.yaml", "prune: true", "prune: false")
    pushed = flux_fleet.push()
    flux_fleet.keeper.wait("it prunes no more", 60, lambda: flux_fleet.get(old)["spec"]["prune"] is False)
    flux_fleet.settle(pushed, old)
    assert main(["update", str(flux_fleet.tree), "--allow-destructive"]) == 0
    flux_fleet.settle(flux_fleet.push(), new)
    flux_fleet.keeper.wait("the old one goes", 60, lambda: flux_fleet.get(old) is None)
    after = flux_fleet.identities()
    assert {key: after.get(key) for key in before} == before
    assert {kind for kind, _, _ in before} >= {"Namespace", "Deployment", "Pod", "Service"}


def test_flux_deletes_what_an_update_renames_without_the_steps(flux_fleet: FluxFleet) -> None:
    old, new = ("checkout-dev", "app-payments"), ("checkout-dev", "payments")
    path = flux_fleet.tree / "apps/checkout/payments/flux/dev/payments.yaml"
    _replace(path, "prune: false", "prune: true")
    pushed = flux_fleet.push()
    flux_fleet.keeper.wait("it prunes again", 60, lambda: flux_fleet.get(old)["spec"]["prune"] is True)
    flux_fleet.settle(pushed, old)
    before = flux_fleet.identities()["Deployment", "checkout-dev", "payments"]
    _replace(path, 'name: "app-payments"', 'name: "payments"')
    flux_fleet.settle(flux_fleet.push(), new)
    flux_fleet.keeper.wait("it is made anew", 120, lambda: _deployment(flux_fleet) not in ("", before))


def _deployment(fleet: FluxFleet) -> str:
    return fleet.identities().get(("Deployment", "checkout-dev", "payments"), "")
