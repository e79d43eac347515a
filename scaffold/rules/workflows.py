"""The workflows of GitHub that a repository runs itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.model import Place, SourceFile, mapping, sequence
from scaffold.model.github import is_workflow


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

    path: str
    data: Mapping[str, Any]
    jobs: tuple[Job, ...]

    @property
    def on(self) -> Any:
        """What starts it; YAML 1.1 reads its key as true, which is a name here as all keys are."""
        return self.data.get("on", self.data.get("true"))

    @property
    def triggers(self) -> frozenset[str]:
        on = self.on
        return frozenset([on] if isinstance(on, str) else map(str, on) if isinstance(on, list | Mapping) else ())

    def place(self, *pointer: str | int, at_key: bool = False) -> Place:
        return Place(self.path, 0, pointer, at_key=at_key)


def of(file: SourceFile) -> Iterator[Workflow]:
    """The workflow that a file is; needs its documents."""
    if is_workflow(file.path):
        for document in (file.documents or ())[:1]:
            data = mapping(document)
            jobs = tuple(Job(file.path, str(name), mapping(job)) for name, job in mapping(data.get("jobs")).items())
            yield Workflow(file.path, data, jobs)
