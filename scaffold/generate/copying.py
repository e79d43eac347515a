"""Runs Copier in an environment of its own; the only module that imports it."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from scaffold import git
from scaffold.errors import AnswersError, ScaffoldError
from scaffold.generate import quick
from scaffold.parse import libyaml
from scaffold.template import Template, redirection

_ALL = "."


def load() -> None:
    """Import Copier, which takes a third of a second; it does not matter in which thread."""
    import copier  # noqa: F401


class Copying:
    """Copier, for any number of layers of one template; the store stands in for the template's address.

    Copier fetches the template, reads its questions and compiles its sources for every layer. What it has once, it
    keeps here: the second layer takes a tenth of the time of the first.
    """

    def __init__(self, template: Template, store: Path) -> None:
        self._template, self._store = template, store
        self._opened: dict[str, Any] = {}
        self._there: set[str] = set()
        self._stack = ExitStack()

    def copy(self, destination: Path, answers: Mapping[str, Any], *, ask: bool, read: Sequence[str] = ()) -> None:
        """Write one layer, of our own template from nothing but what it will `read`, if that is known.

        Raises AnswersError for an answer that does not fit.
        """
        self._write(read if self._template.ours else ())
        variables = redirection(self._template.address, self._store)
        with _copier(variables, answers) as copier, _opened_once(self._opened, self._checkout):
            copier.run_copy(
                self._template.address,
                destination,
                data=dict(answers),
                defaults=not ask,
                vcs_ref=self._template.version,
                settings=copier.Settings(),  # else the user's own would change what is written
                quiet=True,
            )

    def close(self) -> None:
        """Remove the checkout."""
        self._stack.close()

    @cached_property
    def _checkout(self) -> Path:
        """Where the template's files are to be; Copier would clone the store, and look for submodules, first."""
        directory = tempfile.TemporaryDirectory(prefix="gitops-scaffold-")
        path, version = Path(self._stack.enter_context(directory)).resolve() / "template", self._template.version
        git.run(self._store, "worktree", "add", "--quiet", "--no-checkout", "--detach", str(path), version)
        return path

    def _write(self, paths: Sequence[str]) -> None:
        """Write these files of the template if they are in it, else all; a part of it takes its part of the time."""
        if _ALL in self._there or (paths and self._there.issuperset(paths)):
            return
        arguments = ("checkout", "--quiet", "HEAD", "--")
        if not paths or not git.attempt(self._checkout, *arguments, *paths).ok:
            paths = (_ALL,)
            git.run(self._checkout, *arguments, _ALL)
        self._there.update(paths)
        if opened := self._opened.get("template"):
            vars(opened).pop("git_index_modes", None)


@contextmanager
def _opened_once(opened: dict[str, Any], checkout: Path) -> Iterator[None]:
    """Let Copier's worker begin with a checkout and what the one before it has opened, and ask Git little.

    Where a later Copier has no such classes, each run pays for itself.
    """
    import copier._main as module

    replaced = {"Worker": lambda own: quick.worker(own, opened, checkout), "AnswersMap": quick.answers}
    own = {name: getattr(module, name) for name in replaced if hasattr(module, name)}
    for name, each in own.items():
        setattr(module, name, replaced[name](each))
    try:
        yield
    finally:
        for name, each in own.items():
            setattr(module, name, each)


@contextmanager
def _copier(variables: Mapping[str, str], answers: Mapping[str, Any]) -> Iterator[Any]:
    """Give Copier in an environment of its own, its errors translated.

    Copier raises ValueError, TypeError, and the errors of Jinja, pydantic and plumbum beside its own, without a root.
    """
    import copier
    from plumbum import local

    temporary = tempfile.TemporaryDirectory(prefix="gitops-scaffold-")
    with temporary as cache, local.env(), _environment(cache), libyaml.preferred():
        # plumbum took copies of the environment and of the current directory when it was imported
        local.cwd.chdir(Path.cwd())
        local.env.clear()
        local.env.update({**git.environment(), **variables})
        try:
            yield copier
        except (KeyboardInterrupt, ScaffoldError, AssertionError):  # Copier's own interrupt is an Exception, too
            raise
        except Exception as error:
            raise AnswersError(_message(error, answers)) from error


@contextmanager
def _environment(cache: str) -> Iterator[None]:
    """Keep Copier's mirrors apart from those of other processes, which would collide."""
    name = "COPIER_CACHE_DIR"
    before = os.environ.get(name)
    os.environ[name] = cache
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def _message(error: Exception, answers: Mapping[str, Any]) -> str:
    """One line of a foreign error; a validator's is a sentence of the template, another may not say the question."""
    text = re.sub(r"^Validation error for question '\w+': ", "", " ".join(str(error).split()))
    if text and not any(name in text for name in answers):
        named = [name for name, answer in answers.items() if name != "kind" and repr(answer) in text]
        return f"{named[0]!r}: {text}" if named else text
    return text or f"copier failed with {type(error).__name__}; run 'copier copy' with the same answers to see why"
