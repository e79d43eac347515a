"""CircleCI: jobs of workflows, with the configuration's own commands, executors and inline orbs followed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scaffold.audit.jobs import Call, Job, Remark, Sources, mapping, sequence, spots, texts, words
from scaffold.audit.shell import Script, below
from scaffold.model import Spot

_FILES = (".circleci/config.yml", ".circleci/config.yaml")
_DEEPEST = 10


def jobs(sources: Sources) -> Iterator[Job]:
    """Every job that a workflow names; without workflows, the job `build`."""
    for path in _FILES:
        configuration = mapping(sources.yaml(path))
        if configuration:
            yield from _Configuration(configuration).jobs()


class _Configuration:
    def __init__(self, data: dict[Any, Any]) -> None:
        self._data = data
        self._orbs = {str(name): orb for name, orb in mapping(data.get("orbs")).items()}
        self._jobs = mapping(data.get("jobs"))

    def jobs(self) -> Iterator[Job]:
        contexts = dict(self._named())
        for name, body in self._jobs.items():
            if contexts and str(name) not in contexts:
                continue
            yield self._job(name, mapping(body), contexts.get(str(name), []))
        for name, given in self._from_orbs():
            job = Job("circleci", str(name), name.at(), texts=list(texts(given)))
            job.calls.append(Call(self._full(name), mapping(given)))
            yield job

    def _entries(self) -> Iterator[tuple[Spot, Any]]:
        for workflow in mapping(self._data.get("workflows")).values():
            for entry in sequence(mapping(workflow).get("jobs")):
                if isinstance(entry, Spot):
                    yield entry, None
                yield from mapping(entry).items()

    def _named(self) -> Iterator[tuple[str, list[Spot]]]:
        for name, given in self._entries():
            yield str(name), spots(mapping(given).get("context"))

    def _from_orbs(self) -> Iterator[tuple[Spot, Any]]:
        return (
            (name, given) for name, given in self._entries() if name.partition("/")[0] in self._orbs and "/" in name
        )

    def _full(self, name: Spot) -> Spot:
        """`orb/command` with the orb's own name instead of the one it has here, as `circleci/kubernetes/command`."""
        alias, _, command = name.partition("/")
        orb = self._orbs.get(alias)
        full = str(orb).partition("@")[0] if isinstance(orb, Spot) else alias
        return Spot.of(f"{full}/{command}", name.path, name.marks)

    def _job(self, name: Spot, spec: dict[Any, Any], contexts: list[Spot]) -> Job:
        job = Job("circleci", str(name), name.at(), texts=list(texts(spec)))
        executor = spec.get("executor")
        executor_name = executor if isinstance(executor, Spot) else mapping(executor).get("name", "")
        shared = mapping(mapping(self._data.get("executors")).get(executor_name))
        for body in (shared, spec):
            for image in sequence(body.get("docker")):
                job.images.extend(spots(mapping(image).get("image")))
        variables = {**words(shared.get("environment")), **words(spec.get("environment"))}
        job.remarks.extend(Remark("secret-context", context.at(), str(context)) for context in contexts)
        where = below("", str(spec.get("working_directory", ".")))
        self._steps(job, spec.get("steps"), Script(name, where or "", variables), 0)
        return job

    def _steps(self, job: Job, steps: Any, frame: Script, depth: int) -> None:
        for step in sequence(steps):
            if isinstance(step, Spot):
                self._called(job, step, {}, frame, depth)
            for name, given in mapping(step).items():
                if name in ("when", "unless"):
                    self._steps(job, mapping(given).get("steps"), frame, depth)
                elif name == "run":
                    self._run(job, given, frame)
                else:
                    self._called(job, name, mapping(given), frame, depth)

    @staticmethod
    def _run(job: Job, given: Any, frame: Script) -> None:
        spec = mapping(given)
        text = given if isinstance(given, Spot) else spec.get("command")
        if isinstance(text, Spot):
            where = spec.get("working_directory")
            directory = below("", str(where)) if isinstance(where, Spot) else frame.directory
            job.scripts.append(Script(text, directory, {**frame.variables, **words(spec.get("environment"))}))

    def _called(self, job: Job, name: Spot, given: dict[Any, Any], frame: Script, depth: int) -> None:
        own = mapping(mapping(self._data.get("commands")).get(name))
        if own and depth < _DEEPEST:
            job.texts.extend(texts(own))
            self._steps(job, own.get("steps"), frame, depth + 1)
        elif "/" in name:
            inline = mapping(self._orbs.get(name.partition("/")[0]))
            body = mapping(mapping(inline.get("commands")).get(name.partition("/")[2]))
            if body and depth < _DEEPEST:
                self._steps(job, body.get("steps"), frame, depth + 1)
            else:
                job.calls.append(Call(self._full(name), given))
