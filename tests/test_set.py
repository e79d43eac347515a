"""`set`: an answer changes in every layer that records it, and layers never disagree."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from running import Command, commit, files, status

from scaffold import answers
from scaffold.cli import main

TEAM, APP = "teams/checkout", "apps/checkout/payments"


def _recorded(fleet: Path, name: str) -> dict[str, object]:
    found = {path.parent.relative_to(fleet).as_posix(): path.parent for path in fleet.rglob(answers.NAME)}
    read = {directory: answers.read(path).answers for directory, path in found.items()}
    return {directory: given[name] for directory, given in read.items() if name in given}


def test_an_answer_changes_wherever_it_is_recorded(command: Command, fleet: Path) -> None:
    done = command("set", "branch=stable", "--repository", fleet / "teams")
    assert (done.code, done.err) == (0, "next: gitops-scaffold validate, then commit\n")
    assert done.out.splitlines()[0] == 'answer branch: "main" becomes "stable", layers: 2'
    assert set(_recorded(fleet, "branch").values()) == {"stable"}
    generator = fleet / TEAM / "control-plane/dev/applications.yaml"
    assert 'revision: "stable"' in generator.read_text()
    told = json.loads(command("status", fleet, "--json").out)
    assert all(not layer["differs"] and not layer["edited"] for layer in told["layers"])
    commit(fleet)
    again = command("set", "branch=stable", "--repository", fleet)
    assert (again.code, again.out, again.err) == (0, "", "every layer has these answers\n")


def test_dry_run_tells_the_same_and_writes_nothing(command: Command, fleet: Path) -> None:
    shown = command("set", "branch=stable", "--repository", fleet, "--dry-run")
    assert (shown.code, shown.err) == (0, "nothing is written\n")
    assert status(fleet) == []
    assert command("set", "branch=stable", "--repository", fleet).out == shown.out
    assert command("update", fleet, "--abort").code == 0
    assert status(fleet) == []


def test_answers_that_others_hide_go_and_new_ones_take_their_defaults(command: Command, fleet: Path) -> None:
    done = command("set", "sync_window=false", "terraform=hcp", "terraform_version=1.15.1", "--repository", fleet)
    assert done.code == 0
    assert "new question 'terraform_organization' takes its default 'example-org', in 1 of the layers\n" in done.err
    assert "'sync_window_schedule' is not asked any more and goes, in " in done.err
    recorded = answers.read(fleet).answers
    assert recorded["terraform_version"] == "1.15.1"
    assert "sync_window_schedule" not in recorded


def test_edits_are_merged_and_contradictions_reported(command: Command, fleet: Path) -> None:
    quota = fleet / TEAM / "environments/dev/limits.yaml"
    quota.write_text(quota.read_text().replace('persistentvolumeclaims: "10"', 'persistentvolumeclaims: "99"'))
    commit(fleet)
    assert command("set", "cpu_quota=12", "--layer", f"{TEAM}/", "--repository", fleet).code == 0
    assert 'persistentvolumeclaims: "99"' in quota.read_text()
    assert 'requests.cpu: "12"' in quota.read_text()
    commit(fleet)
    quota.write_text(quota.read_text().replace('requests.cpu: "12"', 'requests.cpu: "13"'))
    commit(fleet)
    done = command("set", "cpu_quota=14", "--repository", fleet)
    assert done.code == 1
    place = f"{TEAM}/environments/dev/limits.yaml:7"
    assert f"{place}: conflict: changed here, changed by the new answers; choose between the markers" in done.out
    assert ">>>>>>> new answers\n" in quota.read_text()


@pytest.fixture(scope="module")
def _two(_own_git: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fleet with an environment on each of two clusters, the second one in the answers by its name alone."""
    fleet = tmp_path_factory.mktemp("two") / "fleet"
    where = "[{name: dev, cluster: hub}, {name: live, cluster: eu-1}]"
    assert main(["new", str(fleet), "-d", "clusters=eu-1", "-d", f"environments={where}"]) == 0
    assert main(["add", "team", "checkout", "--repository", str(fleet)]) == 0
    commit(fleet)
    return fleet


@pytest.fixture
def two_clusters(_two: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(_two, tmp_path / "fleet"))


@pytest.mark.parametrize(
    ("option", "dev", "live"),
    [([], "1.36", "1.36"), (["--cluster", "hub"], "1.36", "1.37"), (["--cluster", "eu-1"], "1.37", "1.36")],
)
def test_version_of_a_cluster_reaches_what_is_on_it(
    option: list[str], dev: str, live: str, command: Command, two_clusters: Path
) -> None:
    assert command("set", "kubernetes_version=1.36", *option, "--repository", two_clusters).code == 0
    entries = answers.read(two_clusters / TEAM).answers["environments"]
    assert [entry["kubernetes_version"] for entry in entries] == [dev, live]
    recorded = _recorded(two_clusters, "kubernetes_version")
    assert (recorded["clusters/hub"], recorded["clusters/eu-1"]) == (dev, live)
    assert recorded["."] == recorded[TEAM] == dev
    done = command("validate", two_clusters)
    assert (done.code, done.out) == (0, "")


def test_server_of_a_cluster_is_also_what_the_fleet_says(command: Command, two_clusters: Path) -> None:
    given = ["server=https://eu-1.example.org:6443", "--cluster", "eu-1"]
    assert command("set", *given, "--repository", two_clusters).code == 0
    assert answers.read(two_clusters / "clusters/eu-1").answers["server"] == "https://eu-1.example.org:6443"
    assert 'server: "https://eu-1.example.org:6443"' in (two_clusters / ".gitops-scaffold.yaml").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["cpu_quotas=8"], "no layer takes an answer 'cpu_quotas'; did you mean 'cpu_quota'?"),
        (["chart_version=2.0.0"], "no layer takes an answer 'chart_version'; other answers hide its question"),
        (["ci=jenkins"], "layer '.' at template "),
        (["team=basket"], "'team' is no answer to set; 'gitops-scaffold rename team' changes it"),
        (["environments=dev"], "'environments' is no answer to set; 'gitops-scaffold add environment', 'remove"),
        (["engine=flux"], "'engine' is no answer to set; it decides what every file says"),
        (
            ["control_planes=per-cluster"],
            "'control_planes' is no answer to set; it decides which Argo CD has what runs, and the old one deletes",
        ),
        (["branch"], "'branch' is no answer; write question=answer"),
        (["server=https://hub.example.com"], "'server' is another one for each cluster; name one with --cluster"),
        (["branch=x", "--cluster", "hub"], "'branch' is not for one cluster to decide; leave --cluster out"),
        (["server=https://a.example.com", "--cluster", "hob"], "cluster 'hob' is unknown; did you mean 'hub'?"),
        (["cpu_quota=8", "--layer", "teams/chekout"], "'teams/chekout' is no layer of the fleet; did you mean"),
        (["branch=x", "--layer", TEAM], "'branch' is the fleet's to decide, so layers may not disagree; leave --layer"),
        (["branch=x", "--layer", TEAM, "--cluster", "hub"], "--layer and --cluster exclude each other; give one"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_refusal_is_one_line_and_changes_nothing(
    arguments: list[str], message: str, command: Command, fleet: Path
) -> None:
    before = files(fleet)
    done = command("set", *arguments, "--repository", fleet)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"gitops-scaffold: error: {message}")
    assert done.err.count("\n") == 1
    assert files(fleet) == before


def test_answers_that_are_not_committed_are_refused(command: Command, fleet: Path) -> None:
    with (fleet / TEAM / answers.NAME).open("a") as file:
        file.write("# mine\n")
    done = command("set", "branch=stable", "--repository", fleet)
    assert done.code == 2
    assert f"'{TEAM}/{answers.NAME}' has changes that are not committed, and would be written; commit" in done.err
