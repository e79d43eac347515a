"""Whether a policy permits something, as Casbin decides with Argo CD's model: an allow that no deny meets."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from scaffold.expand import globs, regexes
from scaffold.expand.rbac import builtin
from scaffold.expand.rbac.lines import Line
from scaffold.expand.rbac.questions import Request
from scaffold.expand.unverifiable import UnverifiableError

_DEEPEST = 10  # memberships that Casbin follows from a subject
REGEX = "regex"


class Answer(NamedTuple):
    """Whether somebody may, the line that decided, and who that line speaks of; no line where none applies."""

    allowed: bool
    line: Line | None = None
    asked: str = ""


@dataclass(frozen=True)
class Policy:
    """Everything that decides: the central lines, what each project adds, the default role, how patterns are read."""

    lines: tuple[Line, ...] = ()
    projects: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    default: str = ""
    mode: str = ""

    def can(self, subject: str, request: Request, groups: Iterable[str] = ()) -> Answer:
        """Answer as the API server does; raises UnverifiableError for a pattern without a sure meaning.

        The default role is asked first, and no deny takes what it permits. Each group of a person is asked by itself,
        and only one that is a member of something: the allow of one group is not met by the deny of another.
        """
        if self._is_of_another_project(subject, request):
            return Answer(allowed=False)
        lines = [*self._central, *self.projects.get(request.project, ())]
        members = {line.fields[0] for line in lines if line.kind == "g"}
        first = Answer(allowed=False)
        for asked in (self.default, subject, *(group for group in groups if group in members)):
            answer = self._enforce(lines, asked, request) if asked else first
            if answer.allowed:
                return answer
            first = first if first.line else answer
        return first

    def who_can(self, request: Request) -> list[tuple[str, Answer]]:
        """Everybody whom a line names and who may, by name."""
        lines = [*self._central, *self.projects.get(request.project, ())]
        names = sorted({line.fields[0] for line in lines})
        answers = ((name, self.can(name, request)) for name in names)
        return [(name, answer) for name, answer in answers if answer.allowed]

    @cached_property
    def _central(self) -> tuple[Line, ...]:
        return (*builtin.lines(), *self.lines)

    def _is_of_another_project(self, subject: str, request: Request) -> bool:
        """Tell whether a project's role asks about another project that is there: its token is good for none."""
        parts = subject.split(":")
        known = len(parts) == 3 and parts[0] == "proj" and request.project in self.projects
        return known and parts[1] != request.project

    def _enforce(self, lines: Collection[Line], subject: str, request: Request) -> Answer:
        matches = _matches_regex if self.mode == REGEX else _matches_glob
        allowing: Line | None = None
        roles = _reached(lines, subject)
        try:
            for line in _applying(lines, roles, request, matches):
                if line.fields[4] == "deny":
                    return Answer(allowed=False, line=line, asked=subject)
                if line.fields[4] == "allow":
                    allowing = allowing or line
        except _RefusedError as error:
            return Answer(allowed=False, line=error.line, asked=subject)
        return Answer(allowing is not None, allowing, subject)


class _RefusedError(Exception):
    """A pattern that Go refuses to compile ends the evaluation, and nothing is permitted."""

    def __init__(self, line: Line) -> None:
        super().__init__(str(line))
        self.line = line


def _applying(
    lines: Iterable[Line], roles: Collection[str], request: Request, matches: Callable[[str, str], bool]
) -> Iterator[Line]:
    for line in lines:
        if line.kind != "p" or line.fields[0] not in roles:
            continue
        try:
            if all(matches(pattern, text) for pattern, text in zip(line.fields[1:4], request, strict=True)):
                yield line
        except regexes.MalformedError as error:
            raise _RefusedError(line) from error


def _matches_glob(pattern: str, text: str) -> bool:
    if doubt := globs.doubtful(pattern, text):
        raise UnverifiableError(doubt)
    return globs.matches(pattern, text)


def _matches_regex(pattern: str, text: str) -> bool:
    return regexes.compile_go(pattern).search(text) is not None


def _reached(lines: Iterable[Line], subject: str) -> set[str]:
    """The subject and every role that it is in, however many memberships lie between, up to Casbin's ten."""
    roles: dict[str, list[str]] = {}
    for line in lines:
        if line.kind == "g":
            roles.setdefault(line.fields[0], []).append(line.fields[1])
    found = last = {subject}
    for _ in range(_DEEPEST):
        last = {role for name in last for role in roles.get(name, ())} - found
        found = found | last
    return found
