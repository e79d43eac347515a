"""`add`: a fleet grows by new directories, and by little else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import Command, commit, files, status

from scaffold import answers, edit, parse
from scaffold.errors import ScaffoldError
from scaffold.growth.plan import Plan
from scaffold.staging import Content

BEGIN, END = "# begin teams", "# end teams"


def _changed(fleet: Path) -> list[str]:
    return sorted(line[3:] for line in status(fleet))


def _declared(fleet: Path) -> dict[str, list[dict[str, object]]]:
    (document,) = parse.documents((fleet / ".gitops-scaffold.yaml").read_text(), "settings")
    return {"environments": document["environments"], "clusters": document["clusters"]}


def test_app_touches_its_own_directory_only(command: Command, fleet: Path) -> None:
    result = command("add", "app", "search", "--team", "checkout", "--data", "tag=2.1.0", "--repository", fleet)
    assert result.code == 0
    assert result.err == "next: gitops-scaffold validate, then commit\n"
    written = _changed(fleet)
    assert all(path.startswith("apps/checkout/search/") for path in written)
    assert sorted(f"create {path}" for path in written) == sorted(result.out.splitlines())
    recorded = answers.read(fleet / "apps/checkout/search")
    assert recorded.answers["environments"] == ["dev", "staging", "production"]
    assert (recorded.answers["tag"], recorded.answers["team"]) == ("2.1.0", "checkout")
    assert recorded[:2] == answers.read(fleet)[:2], "the template that the fleet records"


def test_app_in_some_environments(command: Command, fleet: Path) -> None:
    given_ = ["-e", "production", "-e", "dev"]
    assert command("add", "app", "search", "--team", "checkout", *given_, "--repository", fleet).code == 0
    assert sorted(path.name for path in (fleet / "apps/checkout/search/overlays").iterdir()) == ["dev", "production"]
    assert answers.read(fleet / "apps/checkout/search").answers["environments"] == ["dev", "production"]


def test_team_inherits_from_the_fleet(command: Command, tmp_path: Path) -> None:
    fleet = tmp_path / "fleet"
    given_ = ["-d", "organization=acme", "-d", "kubernetes_version=1.35", "-d", "environments=lab, live"]
    assert command("new", fleet, *given_).code == 0
    assert command("add", "team", "checkout", "--repository", fleet / "control-plane").code == 0
    recorded = answers.read(fleet / "teams/checkout").answers
    assert recorded["organization"] == "acme"
    assert recorded["environments"] == [
        {"cluster": "hub", "gate": "auto", "kubernetes_version": "1.35", "name": "lab"},
        {"cluster": "hub", "gate": "manual", "kubernetes_version": "1.35", "name": "live"},
    ]


def test_team_stands_in_code_owners_as_its_page_says(command: Command, fleet: Path) -> None:
    for name in ("zebra", "basket"):
        assert command("add", "team", name, "--repository", fleet).code == 0
    block = (fleet / "CODEOWNERS").read_text().partition(f"{BEGIN}\n")[2].partition(END)[0]
    pages = [(fleet / "teams" / name / "README.md").read_text() for name in ("basket", "checkout", "zebra")]
    assert block == "".join(page.partition("```text\n")[2].partition("```")[0] for page in pages)


def test_plan_is_shown_and_nothing_written(command: Command, fleet: Path) -> None:
    result = command("add", "team", "basket", "--dry-run", "--repository", fleet)
    assert (result.code, result.err) == (0, "nothing is written\n")
    assert "change CODEOWNERS" in result.out.splitlines()
    assert "create teams/basket/README.md" in result.out.splitlines()
    assert status(fleet) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["app", "payments", "--team", "checkout"],
            "application 'payments' of team 'checkout' is there already; choose",
        ),
        (["app", "search", "--team", "chekout"], "team 'chekout' is unknown; did you mean 'checkout'?"),
        (
            ["app", "search", "--team", "checkout", "-e", "prodution"],
            "environment 'prodution' is unknown; did you mean",
        ),
        (["app", "Search", "--team", "checkout"], "app 'Search' is no DNS-1123 label"),
        (["app", "x" * 60, "--team", "checkout"], "environment 'dev' makes the name 'checkout-xxxx"),
        (["app", "search", "--team", "checkout", "-d", "imag=x"], "no question is named 'imag'; did you mean 'image'?"),
        (
            ["app", "search", "--team", "checkout", "-d", "team=x"],
            "'team' follows from the command and the fleet; leave",
        ),
        (["team", "checkout"], "team 'checkout' is there already; choose another name"),
        (["team", "check"], None),
        (["team", "checkout-eu"], "team 'checkout-eu' beside 'checkout' would make equal names for different"),
        (["team", "team"], "team 'team' is reserved"),
        (["team", "my-baseline"], "team 'my-baseline' ends in baseline"),
        (["team", "../up"], "team '../up' is no DNS-1123 label"),
        (["team", "basket", "-e", "stagin"], "environment 'stagin' is unknown; did you mean 'staging'?"),
        (["environment", "dev"], "environment 'dev' is there already; choose another name, or say with --like"),
        (
            ["environment", "dev", "--team", "checkout", "--gate", "auto"],
            "environment 'dev' is there already, and stays",
        ),
        (["environment", "qa", "--like", "stagin"], "environment 'stagin' is unknown; did you mean 'staging'?"),
        (["environment", "qa", "--team", "chekout"], "team 'chekout' is unknown; did you mean 'checkout'?"),
        (["environment", "qa", "--app", "checkout/pay"], "application 'checkout/pay' is unknown; did you mean"),
        (["environment", "qa", "--cluster", "hob"], "cluster 'hob' is unknown; did you mean 'hub'?"),
        (["environment", "qa", "--after", "stagin"], "environment 'stagin' is unknown; did you mean 'staging'?"),
        (
            ["environment", "qa", "--after", "dev", "--beside", "dev"],
            "--after and --beside exclude each other; give one",
        ),
        (["environment", "Q A"], "layer '.' at template "),
        (["cluster", "hub"], "cluster 'hub' is there already; choose another name"),
        (["cluster", "eu-1", "-d", "server=eu-1"], "server 'eu-1' is no address"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_refusal_is_one_line_and_changes_nothing(
    arguments: list[str], message: str | None, command: Command, fleet: Path
) -> None:
    before = files(fleet)
    result = command("add", *arguments, "--repository", fleet)
    if message is None:
        assert result.code == 0
        return
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"gitops-scaffold: error: {message}")
    assert result.err.count("\n") == 1
    assert files(fleet) == before


def test_shorter_team_beside_a_longer_one_is_refused(command: Command, fleet: Path) -> None:
    assert command("add", "team", "pay-roll", "--repository", fleet).code == 0
    assert (
        "team 'pay' beside 'pay-roll' would make equal names"
        in command("add", "team", "pay", "--repository", fleet).err
    )


def test_applications_of_one_composed_name_are_refused(command: Command, tmp_path: Path) -> None:
    fleet = tmp_path / "fleet"
    assert command("new", fleet, "-d", "environments=eu, web-eu").code == 0
    assert command("add", "team", "checkout", "--repository", fleet).code == 0
    assert command("add", "app", "shop-web", "--team", "checkout", "-e", "eu", "--repository", fleet).code == 0
    result = command("add", "app", "shop", "--team", "checkout", "-e", "web-eu", "--repository", fleet)
    assert result.code == 2
    assert "application 'shop' would share the name 'checkout-shop-web-eu' with application 'shop-web'" in result.err


def test_team_environment_that_the_team_has_not(command: Command, fleet: Path) -> None:
    assert command("add", "team", "basket", "-e", "dev", "--repository", fleet).code == 0
    result = command("add", "app", "web", "--team", "basket", "-e", "staging", "--repository", fleet)
    assert (result.code, result.out) == (2, "")
    assert "team 'basket' has no environment 'staging'; known are dev" in result.err


@pytest.mark.parametrize("file", [".copier-answers.yml", "teams/checkout/.copier-answers.yml"])
def test_answers_that_are_not_committed_are_refused(file: str, command: Command, fleet: Path) -> None:
    with (fleet / file).open("a") as text:
        text.write("# mine\n")
    before = files(fleet)
    result = command("add", "app", "search", "--team", "checkout", "--repository", fleet)
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        f"gitops-scaffold: error: {file!r} has changes that are not committed; commit or undo them first\n"
    )
    assert files(fleet) == before


def test_outside_of_a_fleet(command: Command, tmp_path: Path) -> None:
    result = command("add", "team", "checkout", "--repository", tmp_path)
    assert result.code == 2
    assert "is in no fleet repository; go into one, or make one with 'gitops-scaffold new'" in result.err


def test_environment_goes_where_it_is_wanted_and_gates_stay(command: Command, fleet: Path) -> None:
    assert command("add", "environment", "qa", "--after", "dev", "--repository", fleet).code == 0
    declared = [(e["name"], e["stage"], e["gate"]) for e in _declared(fleet)["environments"]]
    assert declared == [("dev", 0, "auto"), ("qa", 1, "auto"), ("staging", 2, "auto"), ("production", 3, "manual")]
    commit(fleet)
    assert command("add", "environment", "production-us", "--beside", "production", "--repository", fleet).code == 0
    commit(fleet)
    assert command("add", "environment", "dr", "--repository", fleet).code == 0
    declared = [(e["name"], e["stage"], e["gate"]) for e in _declared(fleet)["environments"]]
    assert declared[3:] == [("production", 3, "manual"), ("production-us", 3, "manual"), ("dr", 4, "manual")]


def test_environment_that_nobody_has_says_how_it_is_given(command: Command, fleet: Path) -> None:
    result = command("add", "environment", "qa", "--repository", fleet)
    assert "nobody has 'qa' yet: 'gitops-scaffold add environment qa --team checkout' gives it to a team" in result.err


def test_environment_reaches_everything_that_wants_it(command: Command, fleet: Path) -> None:
    steps = (
        ("team", "basket", "-e", "staging", "-e", "production"),
        ("app", "web", "--team", "basket", "-e", "production"),
        ("app", "api", "--team", "basket", "-e", "staging"),
        ("environment", "qa", "--after", "dev", "--gate", "manual", "--like", "staging"),
    )
    for step in steps:
        assert command("add", *step, "--repository", fleet).code == 0
        commit(fleet)
    having = {path.parent.parent.name for path in fleet.glob("apps/*/*/overlays/qa")}
    assert having == {"payments", "api"}
    assert {path.parent.parent.name for path in fleet.glob("teams/*/control-plane/qa")} == {"checkout", "basket"}
    assert answers.read(fleet / "apps/basket/api").answers["environments"] == ["qa", "staging"], "in the fleet's order"
    assert "/apps/basket/*/overlays/qa/ @example-org/basket-releasers" in (fleet / "CODEOWNERS").read_text()
    given_ = ["--app", "basket/web", "--repository", fleet]
    assert command("add", "environment", "qa", *given_).code == 0
    assert answers.read(fleet / "apps/basket/web").answers["environments"] == ["qa", "production"]
    commit(fleet)
    result = command("validate", fleet, "--require-rendered")
    assert (result.code, result.out) == (0, ""), result.out + result.err
    again = command("add", "environment", "qa", *given_)
    assert (again.code, again.out) == (0, "")


def test_flux_applications_learn_of_a_new_stage(command: Command, tmp_path: Path) -> None:
    fleet = tmp_path / "fleet"
    assert command("new", fleet, "-d", "engine=flux", "-d", "environments=dev, production").code == 0
    assert command("add", "team", "checkout", "--repository", fleet).code == 0
    for name in ("web", "api"):
        assert command("add", "app", name, "--team", "checkout", "--repository", fleet).code == 0
    commit(fleet)
    assert (
        command("add", "environment", "qa", "--after", "dev", "--app", "checkout/api", "--repository", fleet).code == 0
    )
    stages = {name: answers.read(fleet / "apps/checkout" / name).answers["environments"] for name in ("web", "api")}
    assert [(entry["name"], entry["stage"]) for entry in stages["web"]] == [("dev", 0), ("production", 2)]
    assert [(entry["name"], entry["stage"]) for entry in stages["api"]] == [("dev", 0), ("qa", 1), ("production", 2)]
    assert (fleet / "apps/checkout/api/flux/qa/api.yaml").is_file()
    assert (fleet / "clusters/hub/teams-qa.yaml").is_file()


def test_cluster_then_environment_on_it(command: Command, fleet: Path) -> None:
    given_ = ["-d", "server=https://eu-1.example.org:6443", "-d", "kubernetes_version=1.35"]
    assert command("add", "cluster", "eu-1", *given_, "--repository", fleet).code == 0
    assert _declared(fleet)["clusters"][1] == {
        "name": "eu-1",
        "server": "https://eu-1.example.org:6443",
        "kubernetes": "1.35",
    }
    commit(fleet)
    assert command("add", "environment", "eu", "--cluster", "eu-1", "--repository", fleet).code == 0
    assert answers.read(fleet / "clusters/eu-1").answers["environments"] == ["eu"]
    commit(fleet)
    assert command("add", "team", "basket", "-e", "eu", "--repository", fleet).code == 0
    (eu,) = answers.read(fleet / "teams/basket").answers["environments"]
    assert (eu["cluster"], eu["kubernetes_version"]) == ("eu-1", "1.35")


def test_what_has_grown_validates(command: Command, fleet: Path) -> None:
    steps = (
        ("cluster", "eu-1", "-d", "kubernetes_version=1.35"),
        ("environment", "eu", "--beside", "production", "--cluster", "eu-1"),
        ("environment", "lab", "--after", "dev"),
        ("team", "basket"),
        ("team", "mobile", "-e", "eu"),
        ("app", "web", "--team", "basket", "-d", "route=gateway", "-d", "autoscaling=true"),
        ("app", "api", "--team", "mobile"),
        ("app", "search", "--team", "checkout", "-e", "staging"),
    )
    for step in steps:
        assert command("add", *step, "--repository", fleet).code == 0
        commit(fleet)
    result = command("validate", fleet, "--require-rendered")
    assert (result.code, result.out) == (0, ""), result.out + result.err


def test_edits_of_the_fleet_layer_survive(command: Command, fleet: Path) -> None:
    readme = fleet / "README.md"
    readme.write_text(readme.read_text() + "\nOur own words.\n")
    (fleet / ".editorconfig").unlink()
    commit(fleet)
    assert command("add", "environment", "qa", "--repository", fleet).code == 0
    assert readme.read_text().endswith("\nOur own words.\n")
    assert "| qa |" in readme.read_text()
    assert not (fleet / ".editorconfig").exists()


def test_edit_that_contradicts_is_refused(command: Command, fleet: Path) -> None:
    settings = fleet / ".gitops-scaffold.yaml"
    settings.write_text(settings.read_text().replace('name: "production"', 'name: "live"'))
    commit(fleet)
    before = files(fleet)
    result = command("add", "environment", "qa", "--after", "dev", "--repository", fleet)
    assert (result.code, result.out) == (2, "")
    assert (
        "'.gitops-scaffold.yaml' was changed in lines that the new answers change too; undo that change" in result.err
    )
    assert files(fleet) == before


def test_missing_block_of_code_owners_is_refused(command: Command, fleet: Path) -> None:
    (fleet / "CODEOWNERS").write_text("* @acme/platform\n")
    before = files(fleet)
    result = command("add", "team", "basket", "--repository", fleet)
    assert (result.code, result.out) == (2, "")
    assert "CODEOWNERS: the block from '# begin teams' to '# end teams' is not there once; restore both" in result.err
    assert files(fleet) == before


def test_without_code_owners_the_lines_are_told(command: Command, fleet: Path) -> None:
    (fleet / "CODEOWNERS").unlink()
    result = command("add", "team", "basket", "--repository", fleet)
    assert result.code == 0
    assert "add '/apps/basket/ @example-org/basket'" in result.err


def test_plan_that_fails_half_way_leaves_nothing(fleet: Path) -> None:
    before = files(fleet)
    plan = Plan({"teams/basket": {"a": Content(b"a")}, "teams/checkout": {"a": Content(b"a")}}, {"README.md": None})
    with pytest.raises(ScaffoldError, match="is not empty"):
        plan.apply(fleet, "gitops-scaffold add")
    assert files(fleet) == before


LINES = st.lists(st.from_regex(r"/apps/[a-z]{1,4}/ @[a-z]{1,3}", fullmatch=True), unique=True)


@given(before=st.text("ab\n"), known=LINES, new=LINES, newline=st.sampled_from(["\n", "\r\n"]))
def test_insertion_changes_only_the_block(before: str, known: list[str], new: list[str], newline: str) -> None:
    def text(lines: list[str]) -> str:
        return newline.join([*before.split("\n"), BEGIN, *sorted(lines), END, "last"])

    assert edit.insert_sorted(text(known), BEGIN, END, new) == text(list({*known, *new}))


@pytest.mark.parametrize("text", ["", BEGIN, f"{END}\n{BEGIN}\n", f"{BEGIN}\n{BEGIN}\n{END}\n"])
def test_insertion_needs_one_block(text: str) -> None:
    with pytest.raises(ScaffoldError, match="is not there once"):
        edit.insert_sorted(text, BEGIN, END, ["x"])
