"""What the template asks, and which answers it takes."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scaffold import nearest, parse
from scaffold.errors import AnswersError
from scaffold.model import mapping


@dataclass(frozen=True)
class Question:
    """One question; a hidden one is derived and takes no answer from outside."""

    name: str
    default: Any
    when: str | bool
    type: str = "str"

    @property
    def hidden(self) -> bool:
        return self.when is False


def read(document: Mapping[str, Any]) -> dict[str, Question]:
    """The questions of a copier.yml, by name."""
    asked_ = {name: mapping(spec) for name, spec in document.items() if not name.startswith("_")}
    return {name: _question(name, spec) for name, spec in asked_.items()}


def _question(name: str, spec: Mapping[str, Any]) -> Question:
    return Question(name, spec.get("default"), spec.get("when", True), spec.get("type", "str"))


def asked(questions: Mapping[str, Question], answers: Mapping[str, Any]) -> set[str]:
    """The names whose condition, `[[ … ]]`, holds with these answers; what a condition cannot know counts as false."""
    defaults = {name: question.default for name, question in questions.items() if _is_plain(question.default)}
    context = {**defaults, **{name: _meant(questions.get(name), answer) for name, answer in answers.items()}}

    @functools.cache
    def holds(when: str) -> bool:
        return bool(getattr(_condition(when).make_module(context), "holds", False))

    whens = {name: question.when for name, question in questions.items()}
    return {name for name, when in whens.items() if (holds(when) if isinstance(when, str) else when)}


@functools.lru_cache(maxsize=1000)
def _condition(when: str) -> Any:
    """A template, not an expression of Jinja's: what it compiles to is kept."""
    from jinja2.sandbox import SandboxedEnvironment

    expression = when.strip().removeprefix("[[").removesuffix("]]")
    return SandboxedEnvironment().from_string("{% set holds = (" + expression + ") %}")


def refuse_unknown(answers: Mapping[str, Any], questions: Mapping[str, Question]) -> None:
    """Raise AnswersError for an answer to a question that does not exist, or that is derived."""
    known = {name for name, question in questions.items() if not question.hidden}
    for name in answers:
        if name not in questions:
            raise AnswersError(f"no question is named {name!r}; {nearest.hint(name, known)}")
        if name not in known:
            raise AnswersError(f"{name!r} is derived from other answers; leave it out")


def refuse_unasked(given: Iterable[str], asked: Iterable[str]) -> None:
    """Raise AnswersError for an answer that would be dropped."""
    unasked = sorted(set(given) - set(asked))
    if unasked:
        fact = f"{', '.join(map(repr, unasked))} is not asked with these other answers"
        raise AnswersError(f"{fact}; leave it out, or change the answer that hides it")


def _meant(question: Question | None, answer: Any) -> Any:
    """An answer as Copier takes it: what is text on a command line, `false` say, is of the question's type."""
    if question is None or question.type == "str" or not isinstance(answer, str):
        return answer
    return parse.as_copier(answer, question.name)


def _is_plain(default: object) -> bool:
    return not isinstance(default, str) or "[[" not in default
