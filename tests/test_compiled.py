"""What Jinja compiled is kept for the next run, as long as it means the same then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, nodes
from jinja2.ext import Extension

from scaffold.cache import Cache
from scaffold.generate import compiled

_TEXT = "{% for each in names %}{{ each | upper }} {% endfor %}"


@pytest.fixture(autouse=True)
def _forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_memory", {})


def _rendered(directory: Path, text: str, monkeypatch: pytest.MonkeyPatch, **context: Any) -> tuple[str, int]:
    """What a run of its own makes of a text, and how many times it had to compile."""
    made: list[str] = []
    own = Environment._generate

    def counted(environment: Environment, source: nodes.Template, *rest: Any, **options: Any) -> str:
        made.append("once")
        return own(environment, source, *rest, **options)

    compiled._memory.clear()
    with monkeypatch.context() as patch, compiled.once(directory):
        patch.setattr(Environment, "_generate", counted)
        environment = Environment(keep_trailing_newline=True)
        environment.filters["clock"] = lambda text: f"{text} {context.get('now')}"
        return environment.from_string(text).render(**context), len(made)


def test_the_next_run_compiles_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _rendered(tmp_path, _TEXT, monkeypatch, names=["a"]) == ("A ", 1)
    assert _rendered(tmp_path, _TEXT, monkeypatch, names=["b", "c"]) == ("B C ", 0)


def test_what_a_filter_said_while_compiling_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _rendered(tmp_path, "{{ 'it is' | clock }}", monkeypatch, now=1) == ("it is 1", 1)
    assert _rendered(tmp_path, "{{ 'it is' | clock }}", monkeypatch, now=2) == ("it is 2", 1)


def test_an_environment_of_another_syntax_compiles_for_itself(tmp_path: Path) -> None:
    class Loud(Extension):
        def preprocess(self, source: str, *_: Any) -> str:
            return source.upper()

    with compiled.once(tmp_path):
        plain = Environment().from_string("[[ a ]]{{ a }}").render(a=1)
        square = Environment(variable_start_string="[[", variable_end_string="]]").from_string("[[ a ]]{{ a }}")
        loud = Environment(extensions=[Loud]).from_string("[[ a ]]{{ a }}")
    assert (plain, square.render(a=1), loud.render(A=2)) == ("[[ a ]]1", "1{{ a }}", "[[ A ]]2")


@pytest.mark.parametrize("value", [b"", b"no code", 7])
def test_an_entry_that_is_no_code_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: object) -> None:
    cache = Cache(tmp_path)
    cache.put_many({compiled._key(Environment(keep_trailing_newline=True), _TEXT, None): value})
    cache.close()
    assert _rendered(tmp_path, _TEXT, monkeypatch, names=["a"])[0] == "A "


def test_without_a_directory_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with compiled.once(None):
        assert Environment().from_string("{{ a }}").render(a=1) == "1"
    assert not list(tmp_path.iterdir())
