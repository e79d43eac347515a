"""Azure Pipelines: stages, jobs and steps, with the templates of the repository followed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from scaffold.audit.jobs import Call, Job, Remark, Sources, mapping, sequence, spots, texts, words
from scaffold.audit.shell import Script, below
from scaffold.model import Spot

_NAME = re.compile(r"(^|/)(azure-pipelines|azure-pipeline|\.azure-pipelines|\.vsts-ci)[^/]*(/.*)?\.ya?ml$")
_SCRIPTS = ("script", "bash", "pwsh", "powershell")
_DEEPEST = 20


def jobs(sources: Sources) -> Iterator[Job]:
    """Every job of every pipeline; a file that only others refer to is reached by them."""
    for path in sorted(sources.paths):
        if _NAME.search(path):
            pipeline = mapping(sources.yaml(path))
            if {"trigger", "pr", "schedules", "resources", "pool", "extends"} & set(map(str, pipeline)):
                yield from _within(sources, pipeline, path, _Frame(path, words(pipeline.get("variables"))), 0)


class _Frame:
    """Where a template stands, what is known, and who calls it."""

    def __init__(self, path: str, variables: dict[str, str], via: tuple[str, ...] = ()) -> None:
        self.path, self.variables, self.via = path, variables, via

    def called(self, path: str, by: Spot) -> _Frame:
        place = by.at()
        return _Frame(path, self.variables, (*self.via, f"{place.path}:{place.line}"))


def _within(sources: Sources, body: dict[Any, Any], name: str, frame: _Frame, depth: int) -> Iterator[Job]:
    """The jobs of a pipeline, a stage or a template."""
    extends = mapping(body.get("extends"))
    for key in ("stages", "jobs"):
        for entry in sequence(body.get(key)):
            yield from _entry(sources, entry, name, frame, depth)
    if extends:
        yield from _entry(sources, extends, name, frame, depth)
    if body.get("steps") is not None:
        yield _job(sources, body, name, frame, depth)


def _entry(sources: Sources, entry: Any, name: str, frame: _Frame, depth: int) -> Iterator[Job]:
    spec = mapping(entry)
    if str(spec.get("condition", "")).strip().lower() in ("false", "never()"):
        return
    template = spec.get("template")
    if isinstance(template, Spot):
        found = _template(sources, template, frame)
        if found is None or depth >= _DEEPEST:
            place = template.at()
            yield Job("azure", name, place, remarks=[Remark("unresolved", place, str(template))])
        else:
            path, body = found
            yield from _within(sources, body, name, frame.called(path, template), depth + 1)
        return
    own = next((spec[key] for key in ("job", "deployment", "stage") if isinstance(spec.get(key), Spot)), name)
    if any(key in spec for key in ("jobs", "stages")):
        yield from _within(sources, spec, str(own), frame, depth)
    elif "steps" in spec or "deployment" in spec:
        yield _job(sources, spec, str(own), frame, depth)
    else:  # an expression such as `${{ if … }}:` holds a list of its own
        for key, value in spec.items():
            if key.startswith("${{"):
                for inner in sequence(value):
                    yield from _entry(sources, inner, name, frame, depth)


def _template(sources: Sources, template: Spot, frame: _Frame) -> tuple[str, dict[Any, Any]] | None:
    """A template of this repository; its path counts from the file that names it, or from the root."""
    if "@" in template and not template.endswith("@self"):
        return None
    name = template.removesuffix("@self")
    path = name.lstrip("/") if name.startswith("/") else below(posixpath.dirname(frame.path), name)
    body = mapping(sources.yaml(path or ""))
    return (path or "", body) if body else None


def _job(sources: Sources, spec: dict[Any, Any], name: str, frame: _Frame, depth: int) -> Job:
    first = next(iter(texts(spec)), Spot.of(name, frame.path))
    job = Job("azure", name, first.at(), texts=list(texts(spec)))
    container = spec.get("container")
    job.images.extend(spots(container if isinstance(container, Spot) else mapping(container).get("image")))
    environment = spec.get("environment")
    _environment(job, environment)
    strategy = mapping(spec.get("strategy"))
    for steps in (spec.get("steps"), *_phases(strategy)):
        _steps(sources, job, steps, frame, depth)
    return job


def _environment(job: Job, environment: Any) -> None:
    """`name.resource` and `resourceType: Kubernetes` bind a deployment to a cluster."""
    name = environment if isinstance(environment, Spot) else mapping(environment).get("name")
    kind = str(mapping(environment).get("resourceType", ""))
    if isinstance(name, Spot) and (kind.lower() == "kubernetes" or (isinstance(environment, Spot) and "." in name)):
        job.remarks.append(Remark("cluster-environment", name.at(), str(name)))


def _phases(strategy: dict[Any, Any]) -> Iterator[Any]:
    """The steps of `runOnce`, `rolling` and `canary`, in all their phases."""
    pending: list[Any] = list(strategy.values())
    while pending:
        for key, value in mapping(pending.pop()).items():
            if str(key) == "steps":
                yield value
            else:
                pending.append(value)


def _steps(sources: Sources, job: Job, steps: Any, frame: _Frame, depth: int) -> None:
    for step in sequence(steps):
        spec = mapping(step)
        if str(spec.get("enabled", "true")).lower() == "false":
            continue
        template = spec.get("template")
        if isinstance(template, Spot):
            found = _template(sources, template, frame)
            if found is None or depth >= _DEEPEST:
                job.remarks.append(Remark("unresolved", template.at(), str(template)))
            else:
                job.texts.extend(texts(found[1]))
                _steps(sources, job, found[1].get("steps"), frame.called(found[0], template), depth + 1)
            continue
        _step(job, spec, frame)
        for key, value in spec.items():
            if key.startswith("${{"):
                _steps(sources, job, value, frame, depth)


def _step(job: Job, spec: dict[Any, Any], frame: _Frame) -> None:
    variables = {**frame.variables, **words(spec.get("env"))}
    inputs = mapping(spec.get("inputs"))
    where = spec.get("workingDirectory") or inputs.get("workingDirectory")
    directory = below("", str(where)) if isinstance(where, Spot) else ""
    task = spec.get("task")
    if isinstance(task, Spot):
        job.calls.append(Call(task, inputs))
    for text in (*(spec.get(key) for key in _SCRIPTS), inputs.get("script"), inputs.get("inlineScript")):
        if isinstance(text, Spot):
            job.scripts.append(Script(text, directory, variables, frame.via))
