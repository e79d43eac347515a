"""Whatever is answered: the repository has no finding. A few combinations here, all with `make pairwise`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Container
from pathlib import Path
from typing import Any

import pairwise
import pytest
from running import Command

from scaffold import generate, parse, template
from scaffold.generate import questions
from scaffold.generate.questions import Question

_ALL = 60
_FEW = slice(1, 6, 2)  # a few that have both engines and both topologies
_WHOLE = os.environ.get("PAIRWISE") == "all"
_ROWS = [*pairwise.rows(_ALL), *pairwise.extremes()] if _WHOLE else [*pairwise.rows(_ALL)][_FEW]
_TEAM_URL = "https://git.example.com/checkout/applications.git"


@pytest.fixture(scope="module")
def known() -> dict[str, Question]:
    """The template's questions."""
    with generate.generator(template.installed()) as made:
        return dict(made.questions)


def test_all_have_every_legal_answer_where_it_is_asked_for(known: dict[str, Question]) -> None:
    rows = list(pairwise.rows(_ALL))
    assert _ALL <= len(rows) <= 2 * _ALL
    assert all(pairwise.is_legal(row) for row in rows)
    told = {item for row in rows for kind in ("fleet", "app") for item in _given(known, kind, row).items()}
    assert told == {(name, value) for name, values in pairwise.factors().items() for value in values}


def _given(known: dict[str, Question], kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """The answers that a layer is asked for; an answer that is not asked for asks for none either."""
    given = row
    while True:
        names = questions.asked(known, {**given, "kind": kind})
        if names >= given.keys():
            return given
        given = {name: value for name, value in given.items() if name in names}


def _data(given: dict[str, Any], recorded: Container[str] = ()) -> list[str]:
    """Answers as options, but for those that are inherited."""
    return [part for item in given.items() if item[0] not in recorded for part in ("--data", _told(*item))]


def _told(name: str, value: Any) -> str:
    return f"{name}={value if isinstance(value, str) else json.dumps(value)}"


@pytest.mark.parametrize("row", _ROWS, ids=[str(number) for number in range(len(_ROWS))])
def test_a_repository_has_no_finding(
    row: dict[str, Any], known: dict[str, Question], command: Command, tmp_path: Path
) -> None:
    fleet = own = tmp_path / "fleet"
    _run(command, "new", fleet, "--defaults", *_data(_given(known, "fleet", row)))
    if team := row.get("team", "checkout"):
        own = _team(command, fleet, team, row["topology"])
        recorded = parse.documents((own / ".copier-answers.yml").read_text(), "answers")[0]
        where = ("--repository", own, *(("--team", team) if own == fleet else ()))
        given = _given(known, "app", row)
        _run(command, "add", "app", given.pop("app", "payments"), *_data(given, {*recorded, "team"}), *where)
    with_own = ("--with", fleet) if own != fleet else ()
    _run(command, "validate", own, "--no-cache", *with_own)
    for repository in {fleet, own}:
        _is_lint_free(repository)
        if _WHOLE:  # with `make test` every answer set of a layer is built like this
            _builds_without_a_word(repository)


def _team(command: Command, fleet: Path, team: str, topology: str) -> Path:
    """Add a team; the repository that its applications stand in."""
    if topology != "multi-repo":
        _run(command, "add", "team", team, "--repository", fleet)
        return fleet
    own = fleet.parent / team
    _run(command, "add", "team", team, "--data", f"team_repository_url={_TEAM_URL}", "--repository", fleet)
    _run(command, "new", own, "--fleet", fleet, "--team", team)
    return own


def _run(command: Command, *arguments: Any) -> None:
    done = command(*arguments)
    assert done.code == 0, done.out + done.err


def _is_lint_free(repository: Path) -> None:
    lint = _started(repository, "yamllint", "--strict", ".")
    assert (lint.returncode, lint.stdout, lint.stderr) == (0, "", "")


def _started(repository: Path, name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = (Path(sys.executable).parent / name, *arguments)
    return subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False, timeout=120)


def _builds_without_a_word(repository: Path) -> None:
    for path in repository.rglob("kustomization.yaml"):
        done = _started(repository, "kubectl", "kustomize", path.parent)
        assert (done.returncode, done.stderr) == (0, ""), path
