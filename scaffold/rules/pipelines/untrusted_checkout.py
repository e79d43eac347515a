"""A workflow runs what a stranger's pull request holds, with the repository's own secrets and token.

`pull_request_target` runs in the context of the branch that is merged into, so that a fork gets secrets; a step checks
the fork's commit out, and a later one runs what is in it.

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

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity, mapping
from scaffold.rules import workflows
from scaffold.rules.workflows import Job

ID = "untrusted-checkout"
SEVERITY = Severity.ERROR
SCOPE = "file"
_FORKS = ("github.event.pull_request.head.", "github.head_ref", "refs/pull/")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every checkout of a fork's commit behind which something runs."""
    for file in repository.files.values():
        for workflow in workflows.of(file):
            for job in workflow.jobs if "pull_request_target" in workflow.triggers else ():
                yield from _checked_out(job)


def _checked_out(job: Job) -> Iterator[Finding]:
    for index, step in enumerate(job.steps):
        given = mapping(step.get("with"))
        named = [key for key in ("ref", "repository") if any(fork in str(given.get(key)) for fork in _FORKS)]
        if str(step.get("uses")).startswith("actions/checkout@") and named and _runs(job, index):
            fact = f"job {job.name!r} runs on pull_request_target and checks out what a fork sent, then runs it"
            message = f"{fact}; let it run on pull_request, or check out nothing of the fork"
            yield Finding(job.place("steps", index, "with", named[0]), ID, message, subject=job.name)


def _runs(job: Job, index: int) -> bool:
    later = job.steps[index + 1 :]
    return any("run" in step or str(step.get("uses")).startswith("./") for step in later)
