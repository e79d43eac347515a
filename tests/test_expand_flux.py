"""Flux's own logic, held to what the real controllers were seen to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from flux_cases import Case, UnpredictedError, cases, predicted
from hypothesis import given
from hypothesis import strategies as st

from scaffold.expand.flux import durations, shell_syntax, substitution
from scaffold.expand.flux.dependencies import cycles
from scaffold.expand.flux.ignoring import Ignored
from scaffold.model import Variables

# Whether a workload becomes ready is not in files, nor what an expression makes of it; and what a Kustomization that
# another one applies does is not followed.
_READINESS = frozenset(("health-01", "health-02", "health-07", "order-08", "order-10", "order-11"))
_UNPREDICTED = _READINESS | {"order-12", "order-13", "order-14", "order-16"}


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: f"{case.identity}: {case.told['case']}")
def test_a_recorded_case_is_predicted(case: Case, tmp_path: Path) -> None:
    if case.identity in _UNPREDICTED:
        with pytest.raises(UnpredictedError):
            predicted(case, tmp_path)
        return
    recorded, outcome = case.recorded, predicted(case, tmp_path)
    assert outcome.states == recorded.states
    assert outcome.made.keys() == recorded.made.keys()
    assert {name: data for name, data in outcome.made.items() if recorded.made[name] is not None} == {
        name: data for name, data in recorded.made.items() if data is not None
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${#word}", "7"),
        ("${word^} ${word^^} ${WORD,} ${WORD,,}", "Example EXAMPLE wORD word"),
        ("${word:2} ${word:2:3} ${word:-3}", "ample amp example"),
        ("${word/e/E} ${word//e/E} ${word/#ex/in} ${word/%le/s}", "Example ExamplE inample examps"),
        ("${path#*/} ${path##*/} ${path%/*} ${path%%/*}", "b/c c a/b a"),
        ("${word+other} is refused", None),
        ("${none:+other} ${none:?other}", "other other"),
        ("${word:9} ${word:x}", " example"),
        ("${none:=${word}s and ${word}}", "examples and example"),
        ("${none:=${other}}", None),
        ("${}", None),
        ("${word:}", None),
        ("${word", None),
        ("$$$word $${word} $$${word}", "$$word ${word} $example"),
    ],
)  # what fluxcd/pkg/envsubst of kustomize-controller 1.9 makes of it
def test_an_expression_has_the_value_that_the_engine_gives_it(text: str, value: str | None) -> None:
    variables = Variables({"word": "example", "WORD": "WORD", "path": "a/b/c"})
    if value is None:
        with pytest.raises(substitution.SubstitutionError):
            substitution.substitute(text, variables)
    else:
        assert substitution.substitute(text, variables) == value


def test_what_is_not_known_stays_as_it_is_written() -> None:
    variables = Variables({"here": "1", "hidden": None}, complete=False)
    assert substitution.substitute("${here} ${hidden:=x} ${other^^}", variables) == "1 ${hidden:=x} ${other^^}"


@given(st.text("ab$ {}:=-/#%^,!\\_\n", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        nodes = shell_syntax.parse(text)
    except shell_syntax.ShellSyntaxError as error:
        nodes = [text[error.at : error.at + 2]]
        assert nodes == ["${"]  # either may happen
    assert all(node for node in nodes)


@given(st.lists(st.text("abc*?[]!/\\ #.", max_size=8), max_size=4), st.text("abc/.", min_size=1, max_size=10))
def test_any_pattern_is_taken(lines: list[str], path: str) -> None:
    assert (path in Ignored("\n".join(lines), {})) in {True, False}


@pytest.mark.parametrize(
    ("text", "seconds"), [("1h30m", 5400), ("500ms", 0.5), ("1.5s", 1.5), ("1d", None), ("10", None), ("", None)]
)
def test_durations(text: str, seconds: float | None) -> None:
    assert durations.seconds(text) == seconds


def test_circles_are_found_once() -> None:
    graph = {"a": ["b"], "b": ["c"], "c": ["a", "x"], "d": ["a", "d"], "e": []}
    assert list(cycles(graph)) == [["a", "b", "c"], ["d"]]


def test_a_long_chain_is_no_trouble() -> None:
    graph = {number: [number + 1] for number in range(5000)}
    assert list(cycles(graph)) == []
