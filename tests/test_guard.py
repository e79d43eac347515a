"""`update` refuses what would make a cluster delete something, and says how to keep it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import versions
from running import Command, commit, status

from scaffold import git

_ENVIRONMENTS = [{"name": name, "cluster": "hub", "gate": gate} for name, gate in (("dev", "auto"), ("live", "manual"))]
_LAYERS: dict[str, dict[str, Any]] = {
    "": {"kind": "fleet", "environments": _ENVIRONMENTS},
    "clusters/hub": {"kind": "cluster", "environments": _ENVIRONMENTS},
    "teams/checkout": {"kind": "team", "team": "checkout", "environments": _ENVIRONMENTS},
    "apps/checkout/payments": {"kind": "app", "team": "checkout", "app": "payments", "environments": _ENVIRONMENTS},
}
_GENERATOR = "teams/checkout/control-plane/dev/applications.yaml"
_KUSTOMIZATION = "apps/checkout/payments/flux/dev/payments.yaml"


@pytest.fixture(scope="module", params=("argocd", "flux"))
def written(request: pytest.FixtureRequest, _own_git: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fleet of either engine, whose template has a version in which applications have other names there."""
    top = tmp_path_factory.mktemp(request.param)
    templates = versions.renaming(top / "template.git", request.param)
    layers = {path: {**given, "engine": request.param} for path, given in _LAYERS.items()}
    versions.generate_into(top / "fleet", templates["v1.0.0"], layers)
    return top / "fleet"


@pytest.fixture
def fleet(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = Path(shutil.copytree(written, tmp_path / "fleet", symlinks=True))
    monkeypatch.chdir(copy)
    return copy


def _is_flux(fleet: Path) -> bool:
    return (fleet / _KUSTOMIZATION).exists()


def test_new_names_are_refused_with_steps(fleet: Path, command: Command) -> None:
    result = command("update")
    assert (result.code, status(fleet)) == (1, [])
    dangers = [line for line in result.out.splitlines() if line.startswith("dangerous: ")]
    lost = "it goes, and everything that it deployed with it"
    kept = "it goes, and what it deployed is left behind"
    if _is_flux(fleet):
        assert dangers == [
            f"dangerous: . for checkout-{name}/checkout-applications of clusters/hub: "
            f"Kustomization checkout-{name}/payments: {fate}"
            for name, fate in (("dev", lost), ("live", kept))
        ]
        remedy = "set spec.prune to false in Kustomization checkout-dev/payments, without a spec.deletionPolicy"
    else:
        assert dangers == [
            f"dangerous: what the engine creates: Application argocd/checkout-payments-dev: {lost}",
            f"dangerous: what the engine creates: Application argocd/checkout-payments-live: {kept}",
        ]
        remedy = f"set spec.syncPolicy.preserveResourcesOnDeletion to true in {_GENERATOR}"
    told = result.err.splitlines()
    assert [line.strip() for line in told if "spec." in line] == [remedy]
    assert told[-1] == "nothing is written, because of the dangers"


def test_it_is_written_where_that_is_allowed(fleet: Path, command: Command) -> None:
    assert command("update", "--allow-destructive").code == 0
    assert "app-" in (fleet / (_KUSTOMIZATION if _is_flux(fleet) else _GENERATOR)).read_text()


def test_following_the_steps_leaves_no_deletion(fleet: Path, command: Command) -> None:
    path = fleet / (_KUSTOMIZATION if _is_flux(fleet) else _GENERATOR)
    switch = ("prune: true", "prune: false") if _is_flux(fleet) else ("Deletion: false", "Deletion: true")
    assert switch[0] in path.read_text()
    path.write_text(path.read_text().replace(*switch))
    commit(fleet)
    result = command("update", "--json")
    assert result.code == 1
    dangers = json.loads(result.out)["dangers"]
    assert [item["fact"] for item in dangers] == ["it goes, and what it deployed is left behind"] * 2
    assert not any(item["remedy"] for item in dangers)
    assert command("update", "--allow-destructive").code == 0
    assert switch[1] in path.read_text()


def test_robots_are_told_and_get_no_branch(fleet: Path, command: Command) -> None:
    assert len(json.loads(command("update", "--check", "--json").out)["dangers"]) == 2
    assert command("update", "--branch", "update").code == 1
    assert git.run(fleet, "branch", "--list", "update") == ""


def test_without_a_commit_the_effect_is_not_known(fleet: Path, command: Command) -> None:
    git.run(fleet, "update-ref", "-d", "HEAD")
    result = command("update", "--dry-run")
    assert "nothing is committed, so what it does to clusters is not known\n" in result.err
