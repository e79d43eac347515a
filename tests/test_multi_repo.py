"""A fleet whose teams have repositories of their own, and such a repository: written, grown and checked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from running import Command, commit, files, status

from scaffold import answers, parse
from scaffold.cli import main

_URL = "https://git.example.com/checkout/applications.git"
_UPDATER = "image_updates=argocd-image-updater"


@pytest.fixture(scope="module")
def grown(_own_git: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a fleet and the repository of one of its teams, which has an application."""
    path = tmp_path_factory.mktemp("multi")
    fleet, checkout = str(path / "fleet"), str(path / "checkout")
    three = "environments=[{name: dev}, {name: staging}, {name: production, cluster: eu-1, gate: manual}]"
    eu = "clusters=[{name: eu-1, server: 'https://eu-1.example.com:6443', kubernetes: '1.36'}]"
    for repository, *arguments in (
        (fleet, "new", fleet, "--defaults", "-d", "topology=multi-repo", "-d", three, "-d", eu),
        (fleet, "add", "team", "checkout", "-d", f"team_repository_url={_URL}", "--repository", fleet),
        (checkout, "new", checkout, "--fleet", fleet, "--team", "checkout"),
        (checkout, "add", "app", "payments", "--repository", checkout),
    ):
        assert main(arguments) == 0
        if status(Path(repository)):
            commit(Path(repository))
    return path


def test_the_team_repeats_what_the_fleet_records(grown: Path) -> None:
    recorded = answers.read(grown / "checkout").answers
    assert recorded["repository_url"] == _URL
    assert recorded["fleet_repository_url"] == answers.read(grown / "fleet").answers["repository_url"]
    assert recorded["environments"][2] == {
        "name": "production",
        "stage": 2,
        "cluster": "eu-1",
        "gate": "manual",
        "kubernetes_version": "1.36",
    }
    assert answers.read(grown / "checkout")[:2] == answers.read(grown / "fleet")[:2], "the same template"


def test_the_fleet_holds_no_application(grown: Path) -> None:
    assert not (grown / "fleet/apps").exists()
    (manifest,) = parse.documents(
        (grown / "fleet/teams/checkout/control-plane/dev/applications.yaml").read_text(), "set"
    )
    assert manifest["spec"]["generators"][0]["git"] == {
        "repoURL": _URL,
        "revision": "main",
        "directories": [{"path": "apps/*/overlays/dev"}],
    }
    projects = parse.documents(
        (grown / "fleet/teams/checkout/control-plane/dev/appproject.yaml").read_text(), "project"
    )
    assert projects[0]["spec"]["sourceRepos"] == [_URL]
    assert "checkout" not in (grown / "fleet/CODEOWNERS").read_text()
    assert "/apps/*/overlays/production/ @example-org/checkout-releasers" in (grown / "checkout/CODEOWNERS").read_text()


@pytest.mark.parametrize("name", ["fleet", "checkout"])
def test_each_repository_has_no_finding(command: Command, grown: Path, name: str) -> None:
    result = command("validate", grown / name, "--format", "json", "--no-cache")
    assert (result.code, json.loads(result.out)["findings"]) == (0, [])


def test_a_repository_without_an_application_is_right(command: Command, tmp_path: Path) -> None:
    assert command("new", tmp_path / "checkout", "--defaults", "-d", "kind=team-repo").code == 0
    result = command("validate", tmp_path / "checkout", "--no-cache")
    assert (result.code, result.out) == (0, "")


def test_a_team_whose_environments_have_branches_has_a_trunk_of_its_own(command: Command, tmp_path: Path) -> None:
    fleet, checkout = tmp_path / "fleet", tmp_path / "checkout"
    answers_told = ("topology=multi-repo", "environment_strategy=branches", "branch=platform", "ci=none", _UPDATER)
    assert command("new", fleet, "--defaults", *(part for one in answers_told for part in ("-d", one))).code == 0
    assert command("add", "team", "checkout", "-d", f"team_repository_url={_URL}", "--repository", fleet).code == 0
    assert command("new", checkout, "--fleet", fleet, "--team", "checkout").code == 0
    assert answers.read(checkout).answers["branch"] == "main"
    assert "| a first version, into dev | Argo CD Image Updater" in (checkout / "docs/promotion.md").read_text()


def test_an_application_is_a_directory_of_the_teams_repository(command: Command, grown: Path) -> None:
    repository = grown / "checkout"
    result = command("add", "app", "search", "-d", "tag=2.1.0", "--repository", repository / "apps", "--dry-run")
    assert result.code == 0
    assert all(line.startswith("create apps/search/") for line in result.out.splitlines())
    overlay = (repository / "apps/payments/overlays/dev/kustomization.yaml").read_text()
    assert 'namespace: "checkout-dev"' in overlay


@pytest.mark.parametrize(("here", "beside"), [("fleet", "checkout"), ("checkout", "fleet")])
def test_both_are_checked_as_one(command: Command, grown: Path, here: str, beside: str) -> None:
    alone = json.loads(command("validate", grown / here, "--format", "json", "--no-cache").out)["summary"]
    result = command("validate", grown / here, "--with", grown / beside, "--format", "json", "--no-cache")
    report = json.loads(result.out)
    assert (result.code, report["findings"], report["summary"]["skipped"]) == (0, [], [])
    assert report["summary"]["objects"] > alone["objects"]
    if here == "fleet":
        assert {item["path"] for item in alone["skipped"]} == {
            f"teams/checkout/control-plane/{name}/applications.yaml" for name in ("dev", "staging", "production")
        }


def test_what_the_fleet_forbids_is_found_in_the_teams_repository(command: Command, grown: Path, tmp_path: Path) -> None:
    shutil.copytree(grown, tmp_path / "both")
    base = tmp_path / "both/checkout/apps/payments/base"
    (base / "limits.yaml").write_text("apiVersion: v1\nkind: LimitRange\nmetadata:\n  name: web\nspec:\n  limits: []\n")
    listed = (base / "kustomization.yaml").read_text().replace("resources:\n", "resources:\n  - limits.yaml\n")
    (base / "kustomization.yaml").write_text(listed)
    for here, beside, prefix in (("checkout", "fleet", ""), ("fleet", "checkout", "../checkout/")):
        arguments = ("validate", tmp_path / "both" / here, "--with", tmp_path / "both" / beside, "--format", "json")
        report = json.loads(command(*arguments, "--no-cache").out)
        assert {(item["rule"], item["path"]) for item in report["findings"]} == {
            ("forbidden-kind", f"{prefix}apps/payments/base/limits.yaml")
        }


def test_results_are_kept_for_the_repositories_together(command: Command, grown: Path, tmp_path: Path) -> None:
    shutil.copytree(grown, tmp_path / "both")
    fleet, checkout = tmp_path / "both/fleet", tmp_path / "both/checkout"
    arguments = ("validate", fleet, "--with", checkout)
    assert command(*arguments).code == command(*arguments).code == 0
    settings = checkout / ".gitops-scaffold.yaml"
    settings.write_text(settings.read_text().replace('gate: "manual"', 'gate: "auto"'))
    assert "[unknown-environment]" in command(*arguments).out
    assert command("validate", fleet).code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--with", "fleet"), "is validated already; name another repository with --with"),
        (("--with", "checkout", "--with", "checkout"), "is validated already; name another repository with --with"),
        (("--with", "."), "name a repository beside it with --with"),
        (("--with", "checkout", "--fix"), "--fix and --diff mend one repository; leave --with out"),
        (("--with", "absent"), "Directory 'absent' does not exist"),
    ],
)
def test_what_cannot_be_checked_together_is_refused(
    command: Command, grown: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(grown)
    result = command("validate", "fleet", *arguments)
    assert result.code == 2
    assert message in result.err


@pytest.mark.parametrize(
    ("where", "arguments", "message"),
    [
        ("fleet", ("app", "search", "--team", "checkout"), f"stand in its own repository, {_URL}; run this in a clone"),
        ("fleet", ("app", "search"), "in a fleet repository an application belongs to a team; name it with --team"),
        ("fleet", ("team", "catalog"), "team 'catalog' has its applications in a repository of its own; name it with"),
        ("fleet", ("team", "catalog", "-d", f"team_repository_url={_URL}"), "is the repository of team 'checkout'"),
        ("checkout", ("team", "catalog"), "is the repository of team 'checkout'; go into the fleet repository, https:"),
        ("checkout", ("app", "search", "--team", "catalog"), "this is the repository of team 'checkout', not of"),
        ("checkout", ("app", "payments"), "application 'payments' of team 'checkout' is there already"),
    ],
)
def test_what_does_not_belong_there_is_refused(
    command: Command, grown: Path, where: str, arguments: tuple[str, ...], message: str
) -> None:
    before = files(grown / where)
    result = command("add", *arguments, "--repository", grown / where)
    assert result.code == 2
    assert message in result.err
    assert files(grown / where) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--fleet", "fleet"), "--fleet and --team go together; give both"),
        (("--team", "checkout"), "--fleet and --team go together; give both"),
        (("--fleet", "fleet", "--team", "chekout"), "team 'chekout' is unknown; did you mean 'checkout'?"),
        (("--fleet", "checkout", "--team", "checkout"), "is the repository of team 'checkout'; go into the fleet"),
        (
            ("--fleet", "fleet", "--team", "checkout", "-d", "branch=x"),
            "'branch' follows from the command and the fleet",
        ),
    ],
)
def test_new_refuses_what_no_fleet_registers(
    command: Command, grown: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(grown)
    result = command("new", "other", *arguments)
    assert result.code == 2
    assert message in result.err
    assert not (grown / "other").exists()


def test_what_the_fleet_takes_away_is_a_danger_of_the_team(command: Command, grown: Path, tmp_path: Path) -> None:
    team = Path(shutil.copytree(grown / "checkout", tmp_path / "checkout", symlinks=True))
    at = ("--repository", team)
    result = command("rename", "app", "payments", "billing", *at)
    lost = "Application argocd/checkout-payments-dev: it goes, and everything that it deployed with it"
    kept = "Application argocd/checkout-payments-production: it goes, and what it deployed is left behind"
    assert (result.code, status(team)) == (1, [])
    dangers = [line for line in result.out.splitlines() if line.startswith("dangerous: ")]
    assert dangers[:2] == [f"dangerous: what the engine creates: {each}" for each in (lost, kept)]
    assert command("remove", "app", "payments", *at).code == 0
    result = command("diff", "HEAD", "--root", team)  # with the last application the last manifest is gone
    assert result.code == 1
    assert all(each in result.out for each in (lost, kept)), result.out
    commit(team)
    assert command("add", "app", "orders", *at).code == 0
    result = command("diff", "HEAD", "--root", team)
    assert (result.code, "orders" in result.out) == (0, True), result.out + result.err


_FLUX = Path(__file__).parent.parent / "examples/flux-multi-repo"


@pytest.fixture
def of_flux(tmp_path: Path) -> Path:
    """A directory with the example of a fleet for Flux and of its team's repository."""
    shutil.copytree(_FLUX, tmp_path / "both/fleet")
    shutil.copytree(f"{_FLUX}-checkout", tmp_path / "both/checkout")
    return tmp_path / "both"


@pytest.mark.parametrize(
    ("path", "old", "new", "rule"),
    [
        (
            "flux/dev/payments.yaml",
            'serviceAccountName: "checkout"',
            "serviceAccountName: chekout",
            "undefined-service-account",
        ),
        ("flux/dev/payments.yaml", "overlays/dev", "overlays/dve", "missing-sync-path"),
        ("flux/dev/payments.yaml", 'name: "payments"', 'name: "search"', "undeployed-overlay"),
    ],
)
def test_what_flux_would_say_of_the_teams_repository(
    command: Command, of_flux: Path, path: str, old: str, new: str, rule: str
) -> None:
    file = of_flux / "checkout/apps/payments" / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    arguments = ("validate", of_flux / "checkout", "--with", of_flux / "fleet", "--format", "json", "--no-cache")
    found = {item["rule"] for item in json.loads(command(*arguments).out)["findings"]}
    assert rule in found


def test_an_environment_leaves_the_teams_repository_before_the_fleet(
    grown: Path, command: Command, tmp_path: Path
) -> None:
    fleet, checkout = (Path(shutil.copytree(grown / name, tmp_path / name)) for name in ("fleet", "checkout"))
    steps = []
    for repository in (checkout, checkout, fleet, fleet):
        done = command("remove", "environment", "staging", "--repository", repository)
        assert done.code == 0, done.err
        steps.append([line for line in done.out.splitlines() if line[0].isdigit()])
        commit(repository)
        both = command("validate", fleet, "--with", checkout)
        assert (both.code, both.out) == (0, "")
    of_applications, of_team, of_projects, of_fleet = steps
    assert of_applications == [
        "1. merge this; Argo CD deletes checkout-payments-staging with all that was deployed",
        "2. once that is done, run this command again: it goes on with the answers of this repository",
    ]
    assert of_team == [
        "1. merge this; nothing changes in any cluster",
        "2. in a clone of https://git.example.com/platform/fleet.git: gitops-scaffold remove environment staging",
    ]
    first = f"1. before this, in a clone of {_URL}: gitops-scaffold remove environment staging, with all of its steps"
    assert (of_projects[0], of_fleet) == (first, of_team[:1])
    assert [item["name"] for item in answers.read(checkout).answers["environments"]] == ["dev", "production"]


def test_a_team_leaves_the_fleet_after_its_applications(grown: Path, command: Command) -> None:
    done = command("remove", "team", "checkout", "--repository", grown / "fleet", "--dry-run")
    steps = [line for line in done.out.splitlines() if line[0].isdigit()]
    assert steps[0] == f"1. before this, in a clone of {_URL}: gitops-scaffold remove app, for each application"
