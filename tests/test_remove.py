"""`remove`: what goes is committed, what follows is said in order, and the engine loses nothing by surprise."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import Command, commit, files, status

from scaffold import answers

TEAM, APP = "teams/checkout", "apps/checkout/payments"


def _steps(out: str) -> list[str]:
    return [line for line in out.splitlines() if line[0].isdigit()]


def test_application_goes_and_what_the_engine_does_is_said(command: Command, fleet: Path) -> None:
    (fleet / APP / "overlays/dev/own.yaml").write_text("own: true\n")
    deployment = fleet / APP / "base/deployment.yaml"
    deployment.write_text(deployment.read_text() + "# mine\n")
    commit(fleet)
    arguments = ["remove", "app", "payments", "--team", "checkout", "--repository", fleet]
    shown = command(*arguments, "--dry-run")
    assert (shown.code, status(fleet)) == (0, [])
    done = command(*arguments)
    assert (done.code, done.out) == (0, shown.out)
    assert not (fleet / "apps").exists()
    assert _steps(done.out) == [
        "1. merge this; Argo CD deletes checkout-payments-dev, checkout-payments-staging with all that was deployed",
        "2. as an administrator: argocd app delete checkout-payments-production",
    ]
    by_hand = [line.partition(" ")[0] for line in done.err.splitlines() if "made or changed by hand" in line]
    assert by_hand == [f"{APP}/base/deployment.yaml", f"{APP}/overlays/dev/own.yaml"]
    assert command("update", fleet, "--abort").code == 0
    assert status(fleet) == []


def test_application_leaves_one_environment(command: Command, fleet: Path) -> None:
    (fleet / APP / "overlays/dev/own.yaml").write_text("own: true\n")
    commit(fleet)
    given = ["--team", "checkout", "-e", "dev", "--repository", fleet]
    done = command("remove", "app", "payments", *given)
    assert done.code == 0
    assert f"{APP}/overlays/dev/own.yaml was made or changed by hand" in done.err
    assert sorted(path.name for path in (fleet / APP / "overlays").iterdir()) == ["production", "staging"]
    assert answers.read(fleet / APP).answers["environments"] == ["staging", "production"]
    assert _steps(done.out) == ["1. merge this; Argo CD deletes checkout-payments-dev with all that was deployed"]
    assert command("validate", fleet).code == 0


def test_team_goes_with_its_lines_of_code_owners(command: Command, fleet: Path) -> None:
    refused = command("remove", "team", "checkout", "--repository", fleet)
    assert refused.code == 2
    assert "team 'checkout' still has the applications payments; begin with 'gitops-scaffold remove app" in refused.err
    assert command("remove", "app", "payments", "--team", "checkout", "--repository", fleet).code == 0
    with (fleet / "CODEOWNERS").open("a") as file:
        file.write("/apps/checkout/docs/ @example-org/writers\n")
    commit(fleet)
    done = command("remove", "team", "checkout", "--repository", fleet)
    assert done.code == 0
    assert not (fleet / "teams").exists()
    assert [line for line in (fleet / "CODEOWNERS").read_text().splitlines() if "checkout" in line] == [
        "/apps/checkout/docs/ @example-org/writers"
    ]
    assert "CODEOWNERS:7 says '/apps/checkout/docs/ @example-org/writers' outside of the block of teams" in done.err
    assert len(_steps(done.out)) == 7
    objects = "applicationset/checkout-production application/checkout-production-baseline"
    projects = "appproject/checkout-production appproject/checkout-production-baseline"
    assert _steps(done.out)[3] == f"4. on hub: kubectl --namespace argocd delete {objects} {projects}"
    commit(fleet)
    assert command("validate", fleet).code == 0


def test_environment_goes_a_stage_at_a_time(command: Command, fleet: Path) -> None:
    (fleet / TEAM / "environments/production/own.yaml").write_text("own: true\n")
    (fleet / TEAM / "control-plane/production/appproject.yaml").write_text("# other\n")
    commit(fleet)
    told = []
    for _ in range(3):
        done = command("remove", "environment", "production", "--repository", fleet)
        assert done.code == 0
        told.append(_steps(done.out)[-1])
        commit(fleet)
    assert told == [
        "3. once that is done, run this command again: it goes on with teams",
        "4. once that is done, run this command again: it goes on with the fleet",
        "1. merge this; nothing changes in any cluster",
    ]
    assert not list(fleet.glob("*/*/*/production"))
    assert "production" not in (fleet / "CODEOWNERS").read_text() + (fleet / ".gitops-scaffold.yaml").read_text()
    entries = answers.read(fleet).answers["environments"]
    assert [(entry["name"], entry["gate"]) for entry in entries] == [("dev", "auto"), ("staging", "auto")], "as before"
    done = command("validate", fleet)
    assert (done.code, done.out) == (0, "")


def test_environment_in_which_nothing_runs_goes_at_once(command: Command, fleet: Path) -> None:
    before = files(fleet)
    assert command("add", "environment", "qa", "--after", "dev", "--like", "dev", "--repository", fleet).code == 0
    commit(fleet)
    assert command("remove", "environment", "qa", "--at-once", "--repository", fleet).code == 0
    after = files(fleet)
    assert after.keys() == before.keys()
    assert {path for path in after if after[path] != before[path]} == {".copier-answers.yml"}, "gates are written out"


def test_cluster_goes_when_nothing_is_on_it(command: Command, fleet: Path) -> None:
    assert command("add", "cluster", "eu-1", "--repository", fleet).code == 0
    commit(fleet)
    assert command("add", "environment", "eu", "--cluster", "eu-1", "--repository", fleet).code == 0
    commit(fleet)
    refused = command("remove", "cluster", "eu-1", "--repository", fleet)
    assert (
        "cluster 'eu-1' still has the environments eu; begin with 'gitops-scaffold remove environment eu'"
        in refused.err
    )
    assert command("remove", "environment", "eu", "--repository", fleet).code == 0
    commit(fleet)
    done = command("remove", "cluster", "eu-1", "--repository", fleet)
    assert _steps(done.out)[1] == "2. as an administrator: argocd cluster rm eu-1"
    assert not (fleet / "clusters/eu-1").exists()
    assert "eu-1" not in (fleet / ".gitops-scaffold.yaml").read_text()


def test_flux_needs_a_release_before_what_is_manual_goes(command: Command, tmp_path: Path) -> None:
    fleet = tmp_path / "fleet"
    assert command("new", fleet, "-d", "engine=flux", "-d", "environments=dev, production").code == 0
    assert command("add", "team", "checkout", "--repository", fleet).code == 0
    assert command("add", "app", "web", "--team", "checkout", "--repository", fleet).code == 0
    commit(fleet)
    done = command("remove", "app", "web", "--team", "checkout", "--repository", fleet)
    pin = "teams/checkout/environments/production/release.yaml"
    selected = "--selector kustomize.toolkit.fluxcd.io/name=web"
    kinds = "deployment,poddisruptionbudget,service,serviceaccount"
    assert _steps(done.out)[1:] == [
        f"2. release that commit by {pin}; Flux forgets what is gone, and deletes nothing",
        f"3. on hub: kubectl delete --namespace checkout-production {kinds} {selected}",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["app", "paymens", "--team", "checkout"], "application 'paymens' of team 'checkout' is unknown; did you mean"),
        (["app", "payments", "--team", "chekout"], "team 'chekout' is unknown; did you mean 'checkout'?"),
        (["app", "payments", "--team", "checkout", "-e", "prod"], "application 'payments' is not in 'prod'; known"),
        (["team", "basket"], "team 'basket' is unknown; known are checkout"),
        (["environment", "stagin"], "environment 'stagin' is unknown; did you mean 'staging'?"),
        (["cluster", "hob"], "cluster 'hob' is unknown; did you mean 'hub'?"),
        (["cluster", "hub"], "cluster 'hub' is the control plane's; a fleet cannot be without it"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_refusal_is_one_line_and_changes_nothing(
    arguments: list[str], message: str, command: Command, fleet: Path
) -> None:
    before = files(fleet)
    done = command("remove", *arguments, "--repository", fleet)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"gitops-scaffold: error: {message}")
    assert done.err.count("\n") == 1
    assert files(fleet) == before


@pytest.mark.parametrize("name", ["notes.txt", "secret.tfvars", "base/deployment.yaml"])
def test_what_is_not_committed_is_not_lost(name: str, command: Command, fleet: Path) -> None:
    (fleet / ".gitignore").write_text("*.tfvars\n")
    commit(fleet)
    (fleet / APP / name).write_text("mine\n")
    before = files(fleet)
    done = command("remove", "app", "payments", "--team", "checkout", "--repository", fleet)
    assert (done.code, done.out) == (2, "")
    assert f"'{APP}/{name}' is not committed as it is, and would be lost; commit it, or move it away first" in done.err
    assert files(fleet) == before


def test_layer_in_no_other_environment_is_for_a_person_to_remove(command: Command, fleet: Path) -> None:
    assert command("add", "app", "web", "--team", "checkout", "-e", "dev", "--repository", fleet).code == 0
    commit(fleet)
    done = command("remove", "environment", "dev", "--repository", fleet)
    assert done.code == 2
    assert "'apps/checkout/web' is in no environment but 'dev'; begin with 'gitops-scaffold remove app web" in done.err
