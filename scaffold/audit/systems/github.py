"""GitHub Actions: workflows, with the composite actions and the reusable workflows of the repository followed."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from scaffold.audit.jobs import Call, Job, Remark, Sources, mapping, sequence, spots, texts, words
from scaffold.audit.shell import Script, below
from scaffold.model import Spot

_DIRECTORY = ".github/workflows"
_DEEPEST = 10  # GitHub itself stops at ten levels of nesting
_FORKS = frozenset(("pull_request_target", "workflow_run", "issue_comment"))


def jobs(sources: Sources) -> Iterator[Job]:
    """Every job of every workflow that GitHub starts by itself; reusable ones are reached by those that call them."""
    for path in sorted(sources.paths):
        if posixpath.dirname(path) == _DIRECTORY and path.endswith((".yml", ".yaml")):
            workflow = mapping(sources.yaml(path))
            if set(map(str, _triggers(workflow))) != {"workflow_call"}:
                yield from _jobs(sources, workflow, (), untrusted=bool(_FORKS & set(_triggers(workflow))))


def _triggers(workflow: dict[Any, Any]) -> list[str]:
    on = workflow.get("on")
    return list(on) if isinstance(on, (dict, list)) else [str(on)]


def _jobs(sources: Sources, workflow: dict[Any, Any], via: tuple[str, ...], *, untrusted: bool) -> Iterator[Job]:
    for name, body in mapping(workflow.get("jobs")).items():
        spec = mapping(body)
        if _never(spec):
            continue
        if isinstance(spec.get("uses"), Spot):
            yield from _called(sources, name, spec, via, untrusted=untrusted)
            continue
        variables = {**words(workflow.get("env")), **words(spec.get("env"))}
        job = Job("github", str(name), name.at(), untrusted=untrusted)
        job.texts.extend(texts(spec))
        job.texts.extend(texts(workflow.get("env")))
        job.runner = " ".join(texts(spec.get("runs-on")))
        container = spec.get("container")
        job.images.extend(spots(container if isinstance(container, Spot) else mapping(container).get("image")))
        default = mapping(mapping(spec.get("defaults")).get("run")).get("working-directory")
        _steps(sources, job, spec.get("steps"), Script(name, below("", str(default or ".")), variables, via), 0)
        yield job


def _called(
    sources: Sources, name: Spot, spec: dict[Any, Any], via: tuple[str, ...], *, untrusted: bool
) -> Iterator[Job]:
    """A job that is another workflow."""
    uses = spec["uses"]
    caller = Job("github", str(name), name.at(), texts=list(texts(spec)), untrusted=untrusted)
    if str(spec.get("secrets")) == "inherit":
        caller.remarks.append(Remark("inherited-secrets", spec["secrets"].at(), str(uses)))
    path = uses.removeprefix("./")
    if uses.startswith("./") and len(via) < _DEEPEST:
        yield from _jobs(sources, mapping(sources.yaml(path)), (*via, _here(uses)), untrusted=untrusted)
    else:
        caller.remarks.append(Remark("unresolved", uses.at(), str(uses)))
    yield caller


def _steps(sources: Sources, job: Job, steps: Any, frame: Script, depth: int) -> None:
    """Add the steps to a job; `frame` is a script without a text: where it runs, with what, called by whom."""
    for step in sequence(steps):
        spec = mapping(step)
        if _never(spec):
            continue
        run, uses = spec.get("run"), spec.get("uses")
        if isinstance(run, Spot):
            where = spec.get("working-directory")
            directory = below("", str(where)) if isinstance(where, Spot) else frame.directory
            job.scripts.append(Script(run, directory, {**frame.variables, **words(spec.get("env"))}, frame.via))
        if not isinstance(uses, Spot):
            continue
        if uses.startswith("docker://"):
            job.images.append(uses.part(len("docker://"), len(uses)))
        elif uses.startswith("./") and depth < _DEEPEST:
            _composite(sources, job, uses, frame, depth)
        else:
            job.calls.append(Call(uses, mapping(spec.get("with"))))


def _composite(sources: Sources, job: Job, uses: Spot, frame: Script, depth: int) -> None:
    directory = below("", str(uses)) or ""
    for name in ("action.yml", "action.yaml"):
        action = mapping(sources.yaml(posixpath.join(directory, name)))
        if action:
            runs = mapping(action.get("runs"))
            job.texts.extend(texts(runs))
            called = Script(uses, frame.directory, frame.variables, (*frame.via, _here(uses)))
            _steps(sources, job, runs.get("steps"), called, depth + 1)
            return
    job.remarks.append(Remark("unresolved", uses.at(), str(uses)))


def _never(spec: dict[Any, Any]) -> bool:
    return str(spec.get("if", "")).strip().strip("${} ").strip() == "false"


def _here(spot: Spot) -> str:
    place = spot.at()
    return f"{place.path}:{place.line}"
