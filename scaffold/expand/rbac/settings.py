"""Where a policy stands: the keys of `argocd-rbac-cm`, and the roles of AppProjects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from scaffold.expand.rbac.evaluation import Policy
from scaffold.expand.rbac.lines import Line, LineError, read_line
from scaffold.model import NOWHERE, Manifest, Place, dig, sequence

_CENTRAL = "policy.csv"
At = Callable[[str, int], Place]


def policy_keys(data: Mapping[str, Any]) -> list[str]:
    """The keys of the config map that Argo CD reads lines from, in its order: `policy.csv`, then `policy.….csv`."""
    more = (key for key in data if key.startswith("policy.") and key.endswith(".csv") and key != _CENTRAL)
    return [key for key in (_CENTRAL, *sorted(more)) if isinstance(data.get(key), str)]


def policy(data: Mapping[str, Any], projects: Iterable[Manifest] = (), at: At = lambda _key, _line: NOWHERE) -> Policy:
    """What the data of the config map and the projects say together; `at` tells the place of a line, from 0, of a key.

    Raises LineError where Argo CD refuses the central lines. A project with a line that is refused adds nothing, as
    Argo CD falls back to the central policy for it.
    """
    default, mode = data.get("policy.default"), data.get("policy.matchMode")
    return Policy(
        tuple(_central_lines(data, at)),
        {project.name: _lines_or_none(project) for project in projects},
        default if isinstance(default, str) else "",
        mode if isinstance(mode, str) else "",
    )


def _central_lines(data: Mapping[str, Any], at: At) -> Iterator[Line]:
    for key in policy_keys(data):
        for number, text in enumerate(data[key].split("\n")):
            if line := _read(text, at(key, number)):
                yield line


def _read(text: str, place: Place) -> Line | None:
    try:
        return read_line(text, place)
    except LineError as error:
        raise LineError(f"policy line {text.strip()!r} is refused, {error}") from error


def _lines_or_none(project: Manifest) -> tuple[Line, ...]:
    try:
        return tuple(project_lines(project))
    except LineError:
        return ()


def project_lines(project: Manifest) -> Iterator[Line]:
    """The lines of a project's roles, with the one that lets each role see the project. Raises LineError."""
    for index, role in enumerate(sequence(project.get("spec", "roles"))):
        subject = f"proj:{project.name}:{dig(role, 'name')}"
        yield _line(f"p, {subject}, projects, get, {project.name}, allow", project.place("spec", "roles", index))
        for number, text in enumerate(sequence(dig(role, "policies"))):
            place = project.place("spec", "roles", index, "policies", number)
            yield from (line for part in str(text).split("\n") if (line := read_line(part, place)))
        for number, group in enumerate(sequence(dig(role, "groups"))):
            place = project.place("spec", "roles", index, "groups", number)
            yield _line(f"g, {group}, {subject}", place)


def _line(text: str, place: Place) -> Line:
    line = read_line(text, place)
    assert line is not None
    return line
