"""A job of a pipeline needs, or extends, one that is not there, or is in a stage that is not.

GitHub and GitLab refuse the whole pipeline then, so that nothing is checked, built or promoted. A pipeline of GitLab
that includes others may have jobs and stages of theirs, and is left alone.

Fails:

    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # .github/workflows/validate.yaml
    name: validate
    on: [push]
    permissions:
      contents: read
    jobs:
      build:
        runs-on: ubuntu-latest
        steps:
          - run: make build
      publish:
        needs: test
        runs-on: ubuntu-latest
        steps:
          - run: make publish

Passes:

    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # .github/workflows/validate.yaml
    name: validate
    on: [push]
    permissions:
      contents: read
    jobs:
      build:
        runs-on: ubuntu-latest
        steps:
          - run: make build
      publish:
        needs: build
        runs-on: ubuntu-latest
        steps:
          - run: make publish
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.model import Finding, Place, Pointer, Repository, Severity, SourceFile, mapping, sequence
from scaffold.nearest import near
from scaffold.rules import workflows

ID = "unknown-job"
SEVERITY = Severity.ERROR
SCOPE = "file"
_GITLAB = re.compile(r"\.gitlab-ci\.ya?ml\Z")
# What stands beside the jobs of GitLab, and the stages that are there without being listed (GitLab 18).
_GLOBAL = frozenset("default include stages variables workflow image services cache before_script after_script".split())
_STAGES = (".pre", "build", "test", "deploy", ".post")


class _Named(NamedTuple):
    """What a job says of another one, or of a stage: where, how, and the name."""

    job: str
    pointer: Pointer
    verb: str
    name: str


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every name of a job or a stage that the pipeline does not have."""
    for file in repository.files.values():
        for workflow in workflows.of(file):
            jobs = {job.name for job in workflow.jobs}
            needs = (item for job in workflow.jobs for item in _listed(job.name, job.data, "needs", "needs job"))
            yield from _findings(file, needs, {"needs job": jobs}, ("jobs",))
        if _GITLAB.match(file.path) and len(file.documents or ()) == 1:
            yield from _of_gitlab(file, mapping((file.documents or ())[0]))


def _of_gitlab(file: SourceFile, data: Mapping[str, Any]) -> Iterator[Finding]:
    if "include" in data:
        return
    jobs = {name: mapping(job) for name, job in data.items() if name not in _GLOBAL and isinstance(job, Mapping)}
    stages = [str(stage) for stage in sequence(data.get("stages"))] or list(_STAGES)
    known = {"stage": {*stages, ".pre", ".post"}, "needs job": set(jobs), "extends": {*jobs, "default"}}
    named = (item for name, job in jobs.items() for item in _of_job(name, job))
    yield from _findings(file, named, known, ())


def _of_job(name: str, job: Mapping[str, Any]) -> Iterator[_Named]:
    yield from _listed(name, job, "extends", "extends")
    yield from _listed(name, job, "needs", "needs job")
    yield from _listed(name, job, "dependencies", "needs job")
    yield from _listed(name, job, "stage", "stage")


def _listed(job: str, data: Mapping[str, Any], field: str, verb: str) -> Iterator[_Named]:
    """The names in a field, one or several; what is optional, or of another pipeline, need not be here."""
    told = data.get(field)
    if isinstance(told, str):
        yield _Named(job, (field,), verb, told)
    for index, item in enumerate(sequence(told)):
        entry = {"job": item} if isinstance(item, str) else mapping(item)
        if isinstance(entry.get("job"), str) and not {"optional", "project", "pipeline"} & entry.keys():
            yield _Named(job, (field, index), verb, entry["job"])


def _findings(
    file: SourceFile, named: Iterable[_Named], known: Mapping[str, set[str]], above: Pointer
) -> Iterator[Finding]:
    for item in named:
        if item.name not in known[item.verb] and "$" not in item.name:
            guess = near(item.name, known[item.verb] - {item.job})
            what = "is in stage" if item.verb == "stage" else item.verb
            fact = f"job {item.job!r} {what} {item.name!r}, which the pipeline does not have"
            remedy = f"did you mean {guess!r}?" if guess else "name one that is there, or add it"
            place = Place(file.path, 0, (*above, item.job, *item.pointer))
            yield Finding(place, ID, f"{fact}; {remedy}", subject=f"{item.job}/{item.name}")
