"""`rename`: answers follow everywhere, edits go along with their files, and what the engine deletes is agreed to."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import Command, commit, files, status

from scaffold import answers, git

TEAM, APP = "teams/checkout", "apps/checkout/payments"
ALLOWED = "--allow-destructive"


def _validates(command: Command, fleet: Path) -> None:
    done = command("validate", fleet, "--require-rendered")
    assert (done.code, done.out) == (0, "")


def _edited_files(command: Command, fleet: Path) -> str:
    return command("status", fleet).err


def test_application_keeps_its_edits_and_the_engine_is_not_surprised(command: Command, fleet: Path) -> None:
    deployment = fleet / APP / "base/deployment.yaml"
    deployment.write_text(deployment.read_text().replace("spec:\n", "spec:\n  minReadySeconds: 5\n", 1))
    (fleet / APP / "base/deployment.yaml").chmod(0o755)
    (fleet / APP / "overlays/dev/own").mkdir()
    (fleet / APP / "overlays/dev/own/notes.txt").write_text("own\n")
    commit(fleet)
    arguments = ["rename", "app", "payments", "pay", "--team", "checkout", "--repository", fleet]
    refused = command(*arguments)
    assert (refused.code, status(fleet)) == (1, [])
    lost = "Application argocd/checkout-payments-dev: it goes, and everything that it deployed with it"
    assert f"dangerous: what the engine creates: {lost}" in refused.out
    assert "'add' the new name, move over to it, then 'remove' the old one; --allow-destructive goes" in refused.err
    done = command(*arguments, ALLOWED)
    assert done.code == 0
    steps = [line for line in done.out.splitlines() if line[0].isdigit()]
    assert steps[-1] == "3. as an administrator: argocd app delete checkout-payments-production"
    assert not (fleet / APP).exists()
    moved = fleet / "apps/checkout/pay"
    text = (moved / "base/deployment.yaml").read_text()
    assert "minReadySeconds: 5" in text
    assert 'name: "pay"' in text
    assert (moved / "base/deployment.yaml").stat().st_mode & 0o100
    assert (moved / "overlays/dev/own/notes.txt").read_text() == "own\n"
    assert answers.read(moved).answers["app"] == "pay"
    commit(fleet)
    _validates(command, fleet)
    assert "1 edited file " in _edited_files(command, fleet)


def test_team_goes_with_its_applications_and_owners(command: Command, fleet: Path) -> None:
    (fleet / "apps/checkout/shared").mkdir()
    (fleet / "apps/checkout/shared/notes.txt").write_text("own\n")
    owners = (fleet / "CODEOWNERS").read_text()
    (fleet / "CODEOWNERS").write_text(owners.replace("/apps/checkout/ @example-org/checkout", "/apps/checkout/ @x/y"))
    commit(fleet)
    done = command("rename", "team", "checkout", "basket", ALLOWED, "--repository", fleet)
    assert done.code == 0
    assert not list(fleet.glob("*/checkout"))
    assert (fleet / "apps/basket/shared/notes.txt").is_file()
    assert {answers.read(fleet / path).answers["team"] for path in ("teams/basket", "apps/basket/payments")} == {
        "basket"
    }
    assert "/apps/basket/ @x/y\n/apps/basket/*/overlays/production/ @" in (fleet / "CODEOWNERS").read_text()
    assert "answers that still say 'checkout': code_owners, image, release_owners" in done.err
    commit(fleet)
    _validates(command, fleet)
    assert "0 edited files" in _edited_files(command, fleet)


def test_environment_is_called_otherwise_in_every_layer(command: Command, fleet: Path) -> None:
    (fleet / APP / "overlays/dev/own.txt").write_text("own\n")
    quota = fleet / TEAM / "environments/dev/limits.yaml"
    quota.write_text(quota.read_text().replace('persistentvolumeclaims: "10"', 'persistentvolumeclaims: "99"'))
    commit(fleet)
    assert command("rename", "environment", "dev", "lab", ALLOWED, "--repository", fleet).code == 0
    assert not list(fleet.rglob("dev"))
    assert (fleet / APP / "overlays/lab/own.txt").is_file()
    assert 'persistentvolumeclaims: "99"' in (fleet / TEAM / "environments/lab/limits.yaml").read_text()
    entries = answers.read(fleet).answers["environments"]
    assert (entries[0]["name"], entries[0]["gate"]) == ("lab", "auto")
    assert answers.read(fleet / APP).answers["environments"] == ["lab", "staging", "production"]
    commit(fleet)
    _validates(command, fleet)


def test_cluster_is_the_same_one_afterwards(command: Command, fleet: Path) -> None:
    done = command("rename", "cluster", "hub", "home", "--repository", fleet)
    assert done.code == 0
    steps = [line for line in done.out.splitlines() if line[0].isdigit()]
    assert steps[1] == "2. on it: kubectl apply --filename control-plane/home/root.yaml"
    assert (fleet / "clusters/home/cluster.yaml").is_file()
    assert not list(fleet.rglob("hub"))
    recorded = [answers.read(path.parent).answers for path in fleet.rglob(answers.NAME)]
    assert {each["control_plane_cluster"] for each in recorded if "control_plane_cluster" in each} == {"home"}
    commit(fleet)
    _validates(command, fleet)


@pytest.fixture
def flux(command: Command, tmp_path: Path) -> Path:
    fleet = tmp_path / "flux"
    where = "[{name: dev, cluster: hub}, {name: live, cluster: eu-1}]"
    assert command("new", fleet, "-d", "engine=flux", "-d", "clusters=eu-1", "-d", f"environments={where}").code == 0
    assert command("add", "team", "checkout", "--repository", fleet).code == 0
    assert command("add", "app", "web", "--team", "checkout", "--repository", fleet).code == 0
    pin = fleet / TEAM / "environments/live/release.yaml"
    pin.write_text(pin.read_text().replace("  suspend: true", f"  ref:\n    commit: {'ab12' * 10}"))
    commit(fleet)
    return fleet


def test_what_flux_runs_stays_pinned_whatever_it_is_called(command: Command, flux: Path) -> None:
    steps = (
        ("app", "web", "shop", "--team", "checkout", ALLOWED),
        ("team", "checkout", "basket", ALLOWED),
        ("environment", "live", "production", ALLOWED),
        ("cluster", "eu-1", "eu-west"),
    )
    for step in steps:
        assert command("rename", *step, "--repository", flux).code == 0
        commit(flux)
    assert (flux / "apps/basket/shop/flux/production/shop.yaml").is_file()
    pin = (flux / "teams/basket/environments/production/release.yaml").read_text()
    assert pin.count("ab12" * 10) == 2
    assert 'name: "basket-applications"' in pin
    assert (flux / "clusters/eu-west/teams-production.yaml").is_file()
    assert list(flux.rglob("*eu-1*")) == []
    _validates(command, flux)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["app", "paymens", "x", "--team", "checkout"], "application 'paymens' is unknown; did you mean 'payments'?"),
        (["app", "payments", "payments", "--team", "checkout"], "application 'payments' of team 'checkout' is there"),
        (["app", "payments", "Pay", "--team", "checkout"], "layer 'apps/checkout/payments' at template"),
        (["team", "checkout", "check-in", ALLOWED], None),
        (["team", "chekout", "x"], "team 'chekout' is unknown; did you mean 'checkout'?"),
        (["environment", "dev", "staging"], "environment 'staging' is there already; choose another name"),
        (["environment", "stagin", "x"], "environment 'stagin' is unknown; did you mean 'staging'?"),
        (["cluster", "hob", "x"], "cluster 'hob' is unknown; did you mean 'hub'?"),
        (["app", "payments", "pay"], "in a fleet repository an application belongs to a team; name it with --team"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_refusal_is_one_line_and_changes_nothing(
    arguments: list[str], message: str | None, command: Command, fleet: Path
) -> None:
    before = files(fleet)
    done = command("rename", *arguments, "--repository", fleet)
    if message is None:
        assert done.code == 0, "the old name is no longer in the way"
        return
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"gitops-scaffold: error: {message}")
    assert done.err.count("\n") == 1
    assert files(fleet) == before


def test_edit_that_contradicts_is_refused(command: Command, fleet: Path) -> None:
    deployment = fleet / APP / "base/deployment.yaml"
    deployment.write_text(deployment.read_text().replace('name: "payments"', 'name: "mine"', 1))
    commit(fleet)
    done = command("rename", "app", "payments", "pay", "--team", "checkout", ALLOWED, "--repository", fleet)
    assert (done.code, status(fleet)) == (2, [])
    place = f"'{APP}/base/deployment.yaml' was changed in lines that the new answers change too"
    assert f"{place}; undo that change first" in done.err


def test_a_fleet_below_the_top_of_its_repository(command: Command, fleet: Path, tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    git.run(top, "init", "--quiet")
    (fleet / ".git").rename(tmp_path / "git")
    fleet.rename(top / "gitops")
    commit(top)
    steps = (
        ("set", "branch=stable"),
        ("add", "environment", "qa", "--like", "dev"),
        ("rename", "environment", "qa", "trial", ALLOWED),
        ("rename", "team", "checkout", "basket", ALLOWED),
        ("remove", "environment", "trial", "--at-once"),
    )
    for step in steps:
        assert command(*step, "--repository", top / "gitops").code == 0
        commit(top)
    assert {path.name for path in top.iterdir()} == {".git", "gitops"}
    _validates(command, top / "gitops")
