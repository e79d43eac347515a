"""Argo CD's central policy as it is written: the config map of a file with its lines, and where each stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from scaffold.assemble.argocd_settings import RBAC, Settings, of_file
from scaffold.expand import UnverifiableError, globs, rbac, regexes
from scaffold.model import Place, Repository

_MORE = ("write-repositories",)
RESOURCES = frozenset((*rbac.ACTIONS, *_MORE))


@dataclass(frozen=True)
class PolicyText:
    """One config map, or what a patch or chart values give of it: not all of the policy may be in one file."""

    settings: Settings

    @property
    def whole(self) -> bool:
        """Tell whether the main key is there, as it is in all but patches that add a key."""
        return "policy.csv" in self.settings.data

    @property
    def regex(self) -> bool:
        return self.settings.data.get("policy.matchMode") == "regex"

    @property
    def default(self) -> str:
        value = self.settings.data.get("policy.default")
        return value if isinstance(value, str) else ""

    @cached_property
    def lines(self) -> tuple[rbac.Line, ...]:
        """The lines that Argo CD reads."""
        return tuple(line for line, _ in self._read if line)

    @cached_property
    def refused(self) -> tuple[tuple[str, Place, str], ...]:
        """The lines that it refuses: the text, its place, and why."""
        return tuple(refused for _, refused in self._read if refused)

    @property
    def rules(self) -> tuple[rbac.Line, ...]:
        return tuple(line for line in self.lines if line.kind == "p")

    @property
    def memberships(self) -> tuple[rbac.Line, ...]:
        return tuple(line for line in self.lines if line.kind == "g")

    @property
    def matches(self) -> Callable[[str, str], bool]:
        """Tell whether a pattern matches a text; a doubtful one matches everything, a malformed one nothing."""
        return _matches_regex if self.regex else _matches_glob

    @cached_property
    def _read(self) -> tuple[tuple[rbac.Line | None, tuple[str, Place, str] | None], ...]:
        return tuple(self._all())

    def _all(self) -> Iterator[tuple[rbac.Line | None, tuple[str, Place, str] | None]]:
        for key in rbac.policy_keys(self.settings.data):
            for number, text in enumerate(self.settings.data[key].split("\n")):
                place = self.settings.at(key, number)
                try:
                    yield rbac.read_line(text, place), None
                except rbac.LineError as error:
                    yield None, (text.strip(), place, str(error))


def _matches_glob(pattern: str, text: str) -> bool:
    return bool(globs.doubtful(pattern, text)) or globs.matches(pattern, text)


def _matches_regex(pattern: str, text: str) -> bool:
    try:
        return regexes.compile_go(pattern).search(text) is not None
    except regexes.MalformedError:
        return False
    except UnverifiableError:
        return True


def policies(repository: Repository) -> Iterator[PolicyText]:
    """Every config map of RBAC in files whose documents are there: manifests, patches, values of the chart."""
    for file in repository.files.values():
        yield from (PolicyText(found) for found in of_file(file) if found.name == RBAC)
