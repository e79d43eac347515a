"""Copier's own classes, made to do once what they do for every question and path; what is written stays the same.

They know Copier from the inside (9.17 and 9.18), and are handed its classes by the one module that imports it. What a
later Copier calls no more costs time and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

_OPENED = ("template", "jinja_env")


def worker(own: Any, opened: dict[str, Any], checkout: Path) -> Any:
    """A class of workers that begin with a checkout and what the one before has `opened`, its cached properties."""

    class Quick(own):  # type: ignore[misc]  # known at run time only
        def run_copy(self) -> None:
            self.__dict__.update(opened)
            self.template.__dict__["local_abspath"] = checkout
            try:
                super().run_copy()
            finally:
                opened.update({name: self.__dict__[name] for name in _OPENED if name in self.__dict__})
                self._cleanup_hooks.clear()

        def _ask(self) -> None:
            _remember_sources(self.jinja_env)
            self.__dict__["asking"] = True
            super()._ask()
            self.__dict__["asking"] = False
            self.__dict__["relpath"] = super().answers_relpath
            self.__dict__["settled"] = super()._render_context()

        @property
        def answers_relpath(self) -> Any:
            self.jinja_env.preprocess("")  # as reading it again would, so that a path's yield ends with the path
            return self.__dict__.get("relpath") or super().answers_relpath

        def _render_context(self) -> dict[str, Any]:
            """With everything asked, no answer changes any more."""
            settled = self.__dict__.get("settled")
            return dict(settled) if settled else super()._render_context()

        def _answers_to_remember(self) -> Mapping[str, Any]:
            """Every question is handed them, and hardly one reads them."""
            made = super()._answers_to_remember
            return _Late(made) if self.__dict__.get("asking") else made()

        def _sync_git_index_executable_bit(self, *_: Any) -> None:
            """What is written is in no work tree."""

    return Quick


def answers(own: Any) -> Any:
    """A class of answers that are combined with one lookup for each, where Copier's try every place for every name."""
    always = own().combined

    class Quick(own):  # type: ignore[misc]  # known at run time only
        @property
        def combined(self) -> dict[str, Any]:
            weak = {**always, "_external_data": self.external, **self.user_defaults, **self.last}
            return {**weak, **self.metadata, **self.init, **self.user}

    return Quick


class _Late(Mapping[str, Any]):
    """A mapping that is made when somebody reads it."""

    def __init__(self, make: Callable[[], Mapping[str, Any]]) -> None:
        self._make = make

    def __getitem__(self, name: str) -> Any:
        return self._make()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._make())

    def __len__(self) -> int:
        return len(self._make())


class _Plain(str):
    """Text in which Jinja finds nothing to do."""

    __slots__ = ()

    def render(self, *_: Any, **__: Any) -> str:
        return str(self)


def _remember_sources(environment: Any) -> None:
    """Let an environment of Jinja make a template of each text once, and none of a text that holds no expression."""
    if "from_string" in vars(environment):
        return
    own, made = environment.from_string, {}
    opening = _openings(environment)

    def from_string(source: Any, *options: Any) -> Any:
        if not isinstance(source, str) or options:
            return own(source, *options)
        if source not in made:
            ended = source.endswith(("\n", "\r"))
            made[source] = own(source) if ended or any(each in source for each in opening) else _Plain(source)
        environment.preprocess(source)  # where Copier's extension forgets the yield of the source before
        return made[source]

    environment.from_string = from_string


def _openings(environment: Any) -> tuple[str, ...]:
    names = ("block_start_string", "variable_start_string", "comment_start_string")
    lines = ("line_statement_prefix", "line_comment_prefix")
    return ("\r", *(text for name in (*names, *lines) if (text := getattr(environment, name))))
