"""A workflow runs what a stranger's pull request holds, with the repository's own secrets and token.

`pull_request_target` runs in the context of the branch that is merged into, so that a fork gets secrets; a step checks
the fork's commit out, and a later one runs what is in it. Passed over is what asks first who sent it, whether it is a
fork or has a label, or waits for an environment: in a condition, a step before, or a job that it needs. A label that
was put on once lets run what is pushed later, unless the workflow starts by `labeled` alone or takes the label away.

Fails:

    # .github/workflows/preview.yaml
    name: preview
    on:
      pull_request_target:
    permissions: {}
    jobs:
      render:
        runs-on: ubuntu-24.04
        steps:
          - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
            with:
              persist-credentials: false
              ref: ${{ github.event.pull_request.head.sha }}
          - run: make render
    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # .github/workflows/preview.yaml
    name: preview
    on:
      pull_request_target:
    permissions: {}
    jobs:
      render:
        runs-on: ubuntu-24.04
        steps:
          - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
            with:
              persist-credentials: false
          - run: make render
    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scaffold.model import Finding, Repository, Severity, dig, mapping, sequence
from scaffold.rules import workflows
from scaffold.rules.workflows import Job, Workflow

ID = "untrusted-checkout"
SEVERITY = Severity.ERROR
SCOPE = "file"
_FORKS = ("github.event.pull_request.head.", "github.head_ref", "refs/pull/")
_FACT = "runs on pull_request_target and checks out what a fork sent, then runs it"
_WORDS = re.compile(
    r"author_association|head\.repo\.(?:fork|full_name|owner)|collaborators?\b|[Mm]embership|event\.label\b"
)
_WHO = re.compile(r"github\.actor\b|user\.login\b")  # elsewhere than in a condition, the name for a login
_LABELS = re.compile(r"(?<!!contains\()github\.event\.pull_request\.labels")
_AT_ONCE = frozenset(("closed", "labeled", "opened", "unlabeled"))  # when nothing was sent since, or a member decides
_UNLABELED = re.compile(r"(?i)remove[-_ ]?label|-X\s*DELETE")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every checkout of a fork's commit behind which something runs."""
    for file in repository.files.values():
        for workflow in workflows.of(file):
            for job in workflow.jobs if "pull_request_target" in workflow.triggers else ():
                yield from _checked_out(workflow, job)


def _checked_out(workflow: Workflow, job: Job) -> Iterator[Finding]:
    for index, step in enumerate(job.steps):
        given = mapping(step.get("with"))
        named = [key for key in ("ref", "repository") if any(fork in str(given.get(key)) for fork in _FORKS)]
        if not (str(step.get("uses")).startswith("actions/checkout@") and named and _runs(job, index)):
            continue
        told = f"{_FACT}; let it run on pull_request, or check out nothing of the fork"
        if _is_labeled(workflow, job, index):
            told = _stays(workflow)
        elif _is_guarded(workflow, job, index):
            told = ""
        if told:
            place = job.place("steps", index, "with", named[0])
            yield Finding(place, ID, f"job {job.name!r} {told}", subject=job.name)


def _runs(job: Job, index: int) -> bool:
    later = job.steps[index + 1 :]
    return any("run" in step or str(step.get("uses")).startswith("./") for step in later)


def _stays(workflow: Workflow) -> str:
    """What is wrong with asking for a label that lets later commits run, too; nothing where it does not."""
    types = dig(workflow.data.get("on", workflow.data.get("true")), "pull_request_target", "types")
    told = set(map(str, sequence(types)))
    if (told and told <= _AT_ONCE) or _UNLABELED.search(str(workflow.data)):
        return ""
    fact = f"{_FACT} when the pull request has a label, which stays when the fork sends more"
    return f"{fact}; let it start by type 'labeled' alone, or take the label away at each push"


def _is_labeled(workflow: Workflow, job: Job, index: int) -> bool:
    return any(_LABELS.search(text) for text in _asked(workflow, job, index))


def _is_guarded(workflow: Workflow, job: Job, index: int) -> bool:
    conditions, before = _asked(workflow, job, index)
    return "environment" in job.data or bool(_WHO.search(conditions) or _WORDS.search(conditions + before))


def _asked(workflow: Workflow, job: Job, index: int) -> tuple[str, str]:
    """The conditions of a step, and what runs before it, in jobs that its own needs too."""
    needs = job.data.get("needs")
    needed = {str(name) for name in (needs if isinstance(needs, list) else [needs])}
    jobs = [each for each in workflow.jobs if each.name in needed]
    steps = [*job.steps[:index], *(step for each in jobs for step in each.steps)]
    conditional: list[Any] = [job.data, job.steps[index], *(each.data for each in jobs), *steps]
    texts = (step.get(key) for step in steps for key in ("run", "env"))
    scripts = (dig(step, "with", "script") for step in steps)
    return " ".join(str(mapping(each).get("if")) for each in conditional), " ".join(map(str, (*texts, *scripts)))
