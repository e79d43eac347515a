"""Template and answers to the files of a layer."""

from __future__ import annotations

import fnmatch
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from scaffold import answers as layers
from scaffold import cache, git, parse, staging
from scaffold.errors import ScaffoldError, ToolError
from scaffold.generate import compiled, copying, questions
from scaffold.generate.copying import Copying
from scaffold.generate.questions import Question
from scaffold.model import mapping, sequence
from scaffold.staging import Content
from scaffold.template import Template, opened

_QUESTIONS = "copier.yml"
_SHARED = "templates/shared"


@dataclass(frozen=True)
class Generator:
    """A template that stands on this machine, ready to be rendered several times."""

    template: Template
    questions: Mapping[str, Question]
    seeded: tuple[str, ...]
    _directory: str
    _store: Path
    _copying: Copying
    _known: dict[tuple[str, ...], str] = field(default_factory=dict)

    def render(self, answers: Mapping[str, Any], *, ask: bool = False) -> dict[str, Content]:
        """Make the files of one layer, by path. With `ask`, Copier asks at the terminal for what is missing.

        Raises AnswersError for an answer to a question that is unknown, derived, or not asked of this kind.
        """
        questions.refuse_unknown(answers, self.questions)
        if not ask:
            questions.refuse_unasked(answers, self.asked(answers))
        with tempfile.TemporaryDirectory(prefix="gitops-scaffold-") as directory:
            made = Path(directory, "layer")
            self._copying.copy(made, answers, ask=ask, read=() if ask else self._read(answers))
            questions.refuse_unasked(answers, layers.read(made).answers)
            return staging.tree(made)

    def asked(self, answers: Mapping[str, Any]) -> set[str]:
        """The questions that are asked when these answers are given and the others are left at their defaults."""
        return questions.asked(self.questions, answers)

    def is_seeded(self, path: str) -> bool:
        """Tell whether a path is written once and then belongs to the repository."""
        return any(fnmatch.fnmatchcase(path, pattern) for pattern in self.seeded)

    def inputs(self, answers: Mapping[str, Any]) -> str:
        """A name for all that the output of these answers is made from, besides the answers themselves."""
        return self._asked_once("ls-tree", self.template.version, "--", *self._read(answers))

    def _read(self, answers: Mapping[str, Any]) -> tuple[str, ...]:
        """The paths of the template that a layer is made from."""
        return _QUESTIONS, _SHARED, self._own_directory.render(**answers)

    def source(self, path: str) -> str:
        """The text of one file of the template; empty where there is none."""
        return self._asked_once("show", f"{self.template.version}:{path}")

    def _asked_once(self, *arguments: str) -> str:
        """What Git says of the store, which does not change; each layer asks the same."""
        if arguments not in self._known:
            self._known[arguments] = git.run(self._store, *arguments, check=False)
        return self._known[arguments]

    @cached_property
    def _own_directory(self) -> Any:
        """The template's expression for a layer's directory in it, compiled once for all layers."""
        from jinja2.sandbox import SandboxedEnvironment

        environment = SandboxedEnvironment(variable_start_string="[[", variable_end_string="]]")
        return environment.from_string(self._directory)

    @cached_property
    def described(self) -> str:
        """The version as Copier records it."""
        return git.run(self._store, "describe", "--tags", "--always", f"{self.template.version}^{{commit}}").strip()


@contextmanager
def generator(template: Template) -> Iterator[Generator]:
    """Fetch a template for layers that are made from it at once; Copier is loaded while Git works."""
    loading = threading.Thread(target=copying.load)
    loading.start()
    with ExitStack() as stack:
        stack.callback(loading.join)
        yield stack.enter_context(generators([template]))[template]


@contextmanager
def generators(templates: Iterable[Template]) -> Iterator[dict[Template, Generator]]:
    """Fetch templates once for all the layers that are made from them; versions of one address come together."""
    by_source: dict[tuple[str, Path | None], list[Template]] = {}
    for template in dict.fromkeys(templates):
        by_source.setdefault((template.address, template.stand_in), []).append(template)
    made: dict[Template, Generator] = {}
    with ExitStack() as stack:
        stack.enter_context(compiled.once(cache.own_directory()))
        for versions in by_source.values():
            store = _fetched(stack, versions)
            for template in versions:
                copy = Copying(template, store)
                stack.callback(copy.close)
                made[template] = _generator(template, store, copy)
        yield made


def _generator(template: Template, store: Path, copy: Copying) -> Generator:
    text = git.run(store, "show", f"{template.version}:{_QUESTIONS}")
    document = mapping(parse.as_copier(text, _QUESTIONS))
    seeded = tuple(map(str, sequence(document.get("_skip_if_exists"))))
    directory = str(document.get("_subdirectory", ""))
    return Generator(template, questions.read(document), seeded, directory, store, copy)


def _fetched(stack: ExitStack, versions: list[Template]) -> Path:
    template = versions[0]
    try:
        store = stack.enter_context(opened(*versions))
        for template in versions:
            revision = f"{template.version}^{{commit}}"
            git.run(store, "rev-parse", "--verify", "--quiet", "--end-of-options", revision)
    except ToolError as error:
        if template.stand_in is not None:
            raise
        fact = f"template version {template.version!r} cannot be had from {template.address}"
        remedy = f"install that version of gitops-scaffold, or reach the address: {error}"
        raise ScaffoldError(f"{fact}; {remedy}") from error
    return store
