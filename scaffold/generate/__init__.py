"""Template and answers to the files of a layer."""

from __future__ import annotations

import fnmatch
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scaffold import answers as layers
from scaffold import git, parse, staging
from scaffold.errors import ScaffoldError, ToolError
from scaffold.generate import copying, questions
from scaffold.generate.questions import Question
from scaffold.model import mapping, sequence
from scaffold.staging import Content
from scaffold.template import Template, opened

_QUESTIONS = "copier.yml"


@dataclass(frozen=True)
class Generator:
    """A template that stands on this machine, ready to be rendered several times."""

    template: Template
    questions: Mapping[str, Question]
    seeded: tuple[str, ...]
    _store: Path

    def render(self, answers: Mapping[str, Any], *, ask: bool = False) -> dict[str, Content]:
        """Make the files of one layer, by path. With `ask`, Copier asks at the terminal for what is missing.

        Raises AnswersError for an answer to a question that is unknown, derived, or not asked of this kind.
        """
        questions.refuse_unknown(answers, self.questions)
        if not ask:
            questions.refuse_unasked(answers, self.asked(answers))
        with tempfile.TemporaryDirectory(prefix="gitops-scaffold-") as directory:
            made = Path(directory, "layer")
            copying.copy(self.template, self._store, made, answers, ask=ask)
            questions.refuse_unasked(answers, layers.read(made).answers)
            return staging.tree(made)

    def asked(self, answers: Mapping[str, Any]) -> set[str]:
        """The questions that are asked when these answers are given and the others are left at their defaults."""
        return questions.asked(self.questions, answers)

    def is_seeded(self, path: str) -> bool:
        """Tell whether a path is written once and then belongs to the repository."""
        return any(fnmatch.fnmatchcase(path, pattern) for pattern in self.seeded)


@contextmanager
def generator(template: Template) -> Iterator[Generator]:
    """Fetch a template once for all the layers that are made from it."""
    with ExitStack() as stack:
        store = _fetched(stack, template)
        text = git.run(store, "show", f"{template.version}:{_QUESTIONS}")
        document = mapping(parse.as_copier(text, _QUESTIONS))
        seeded = tuple(map(str, sequence(document.get("_skip_if_exists"))))
        yield Generator(template, questions.read(document), seeded, store)


def _fetched(stack: ExitStack, template: Template) -> Path:
    try:
        store = stack.enter_context(opened(template))
        git.run(store, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{template.version}^{{commit}}")
    except ToolError as error:
        if template.stand_in is not None:
            raise
        fact = f"template version {template.version!r} cannot be had from {template.address}"
        remedy = f"install that version of gitops-scaffold, or reach the address: {error}"
        raise ScaffoldError(f"{fact}; {remedy}") from error
    return store
