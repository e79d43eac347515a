"""Template and answers to files: what is refused, what is recorded, what is left behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scaffold import answers, generate, staging, template
from scaffold.errors import AnswersError, ScaffoldError
from scaffold.staging import Content
from scaffold.template import Template

ANSWERS = Path(__file__).parent / "answers"


def _render(given: dict[str, object]) -> dict[str, Content]:
    with generate.generator(template.installed()) as made:
        return made.render(given)


def test_answers_record_the_public_address_and_the_version() -> None:
    source = template.installed()
    recorded = answers.parsed(_render({"kind": "fleet"})[answers.NAME].data.decode(), answers.NAME)
    assert (recorded.address, recorded.version) == (source.address, source.version)
    assert recorded.address.startswith("https://github.com/")


def test_two_generations_are_byte_identical() -> None:
    given: dict[str, object] = {"kind": "team", "team": "checkout", "environments": ["lab", "eu-1", "us-1"]}
    assert _render(given) == _render(given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"kind": "fleet", "flet": "x"}, "no question is named 'flet'; did you mean 'fleet'?"),
        (
            {"kind": "fleet", "fleet_environments": []},
            "'fleet_environments' is derived from other answers; leave it out",
        ),
        (
            {"kind": "fleet", "image": "x"},
            "'image' is not asked with these other answers; leave it out, or change the answer that hides it",
        ),
        ({"kind": "fleet", "fleet": "Fleet"}, "DNS-1123 label"),
        ({"kind": "fleet", "ci": "jenkins"}, "ci"),
        ({"kind": "app", "port": "many"}, "'port': invalid literal for int() with base 10: 'many'"),
    ],
    ids=["unknown", "hidden", "of-another-kind", "validator", "choice", "type"],
)
def test_answer_that_does_not_fit_is_refused(given: dict[str, object], message: str) -> None:
    with pytest.raises(AnswersError) as caught:
        _render(given)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_user_settings_and_git_variables_change_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    expected = _render({"kind": "app"})
    (tmp_path / "settings.yml").write_text("defaults:\n  image: registry.example.org/other/image\n")
    monkeypatch.setenv("COPIER_SETTINGS_PATH", str(tmp_path / "settings.yml"))
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    assert _render({"kind": "app"}) == expected


def test_environment_and_directory_are_left_as_they_were(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    before = dict(os.environ)
    _render({"kind": "cluster"})
    assert dict(os.environ) == before
    assert Path.cwd() == tmp_path


def test_version_that_is_nowhere_says_so(tmp_path: Path) -> None:
    absent = Template(f"file://{tmp_path}/absent.git", "v9.9.9")
    with (
        pytest.raises(ScaffoldError, match=r"template version 'v9\.9\.9' cannot be had from file://") as refused,
        generate.generator(absent),
    ):
        pass
    assert f"fatal: '{tmp_path}/absent.git' does not appear to be a git repository" in str(refused.value)


@pytest.mark.parametrize("address", ["../gitops-scaffold", ".", "~/gitops-scaffold", "gitops-scaffold"])
def test_relative_address_is_refused(address: str) -> None:
    with pytest.raises(ScaffoldError, match="depends on the current directory"):
        template.recorded(address, "v0.1.0")


def test_layer_without_version_is_refused() -> None:
    with pytest.raises(ScaffoldError, match="record no _commit"):
        template.recorded(template.ADDRESS, "")


def test_asked_follows_the_kind_and_other_answers() -> None:
    with generate.generator(template.installed()) as made:
        assert "image" in made.asked({"kind": "app"})
        assert "image" not in made.asked({"kind": "app", "source": "chart"})
        assert "image" not in made.asked({"kind": "team"})
        assert "secret_store" not in made.asked({"kind": "app", "external_secret": "false"})


@pytest.mark.parametrize("path", sorted(ANSWERS.glob("*.yml")), ids=lambda path: path.stem)
def test_asked_knows_what_copier_records(path: Path) -> None:
    with generate.generator(template.installed()) as made:
        files = made.render(answers.file(path))
        recorded = answers.parsed(files[answers.NAME].data.decode(), answers.NAME).answers
        assert made.asked(recorded) == set(recorded)


def test_failed_directory_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), staging.directory(tmp_path / "a/b/c") as staged:
        (staged / "file").write_text("half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_occupied_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there/file").write_text("mine")
    with pytest.raises(ScaffoldError, match="is not empty"), staging.directory(tmp_path / "there"):
        pass
    assert [path.name for path in tmp_path.rglob("*")] == ["there", "file"]


def test_failed_files_are_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "first").write_text("old")
    (tmp_path / "directory").mkdir()
    with pytest.raises(OSError, match="directory"):
        staging.files(tmp_path, {"first": Content(b"new"), "new": Content(b"new"), "directory": Content(b"no file")})
    assert (tmp_path / "first").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["directory", "first"]


def test_executable_stays_executable(tmp_path: Path) -> None:
    staging.files(tmp_path, {"run": Content(b"#!/bin/sh\n", executable=True), "text": Content(b"")})
    assert staging.tree(tmp_path) == {"run": Content(b"#!/bin/sh\n", executable=True), "text": Content(b"")}
