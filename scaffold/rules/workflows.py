"""The workflows of GitHub that a repository runs itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.model import Place, SourceFile, mapping, sequence

_PATH = re.compile(r"\.github/workflows/[^/]+\.ya?ml\Z")


class Job(NamedTuple):
    """A job of a workflow and where it stands."""

    path: str
    name: str
    data: Mapping[str, Any]

    @property
    def steps(self) -> list[Mapping[str, Any]]:
        return [mapping(step) for step in sequence(self.data.get("steps"))]

    def place(self, *pointer: str | int) -> Place:
        return Place(self.path, 0, ("jobs", self.name, *pointer))


class Workflow(NamedTuple):
    """A workflow: what starts it, and its jobs."""

    data: Mapping[str, Any]
    triggers: frozenset[str]
    jobs: tuple[Job, ...]


def of(file: SourceFile) -> Iterator[Workflow]:
    """The workflow that a file is; needs its documents."""
    if _PATH.match(file.path):
        for document in (file.documents or ())[:1]:
            data = mapping(document)
            jobs = tuple(Job(file.path, str(name), mapping(job)) for name, job in mapping(data.get("jobs")).items())
            yield Workflow(data, _triggers(data), jobs)


def _triggers(data: Mapping[str, Any]) -> frozenset[str]:
    """What starts a workflow; YAML 1.1 reads its key as true, which is a name here as all keys are."""
    on = data.get("on", data.get("true"))
    return frozenset([on] if isinstance(on, str) else map(str, on) if isinstance(on, list | Mapping) else ())
