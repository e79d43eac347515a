"""Runs Copier in an environment of its own; the only module that imports it."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scaffold import git
from scaffold.errors import AnswersError, ScaffoldError
from scaffold.template import Template, redirection


def copy(template: Template, store: Path, destination: Path, answers: Mapping[str, Any], *, ask: bool) -> None:
    """Write one layer; the store stands in for the template's address. Raises AnswersError for what does not fit."""
    with _copier(redirection(template.address, store), answers) as copier:
        copier.run_copy(
            template.address,
            destination,
            data=dict(answers),
            defaults=not ask,
            vcs_ref=template.version,
            settings=copier.Settings(),  # else the user's own would change what is written
            quiet=True,
        )


@contextmanager
def _copier(variables: Mapping[str, str], answers: Mapping[str, Any]) -> Iterator[Any]:
    """Give Copier in an environment of its own, its errors translated.

    Copier raises ValueError, TypeError, and the errors of Jinja, pydantic and plumbum beside its own, without a root.
    """
    import copier
    from plumbum import local

    temporary = tempfile.TemporaryDirectory(prefix="gitops-scaffold-")
    with temporary as cache, local.env(), _environment(cache), _compiled_once():
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


@contextmanager
def _compiled_once() -> Iterator[None]:
    """Compile equal expressions once: Copier has Jinja compile the same 160 four times over."""
    from jinja2 import Environment

    compile_ = Environment.compile
    known: dict[Any, Any] = {}

    def remembered(environment: Environment, source: Any, *rest: Any, **options: Any) -> Any:
        # Copier's extension notes a yield when it is parsed, and forgets it when the next source is preprocessed
        if not isinstance(source, str) or "yield" in source:
            return compile_(environment, source, *rest, **options)
        key = (environment, source, rest, *options.items())
        if key in known:
            environment.preprocess(source)
        else:
            known[key] = compile_(environment, source, *rest, **options)
        return known[key]

    setattr(Environment, "compile", remembered)  # noqa: B010  # mypy takes no assignment to a method
    try:
        yield
    finally:
        setattr(Environment, "compile", compile_)  # noqa: B010


def _message(error: Exception, answers: Mapping[str, Any]) -> str:
    """One line of a foreign error; a validator's is a sentence of the template, another may not say the question."""
    text = re.sub(r"^Validation error for question '\w+': ", "", " ".join(str(error).split()))
    if text and not any(name in text for name in answers):
        named = [name for name, answer in answers.items() if name != "kind" and repr(answer) in text]
        return f"{named[0]!r}: {text}" if named else text
    return text or f"copier failed with {type(error).__name__}; run 'copier copy' with the same answers to see why"
