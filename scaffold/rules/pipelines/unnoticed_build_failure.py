"""A check passes where the build that it checks fails, since a pipe has the result of its last command alone.

GitHub runs a step that names no shell by `bash -e`, without `pipefail`, which `shell: bash` has. Told is of a build by
kustomize, Helm or Flux whose output goes to kubeconform or kubeval: they get nothing where it fails, and that is valid.
Not told is of a script that says `pipefail` or reads `PIPESTATUS`, of one whose failure is passed over, of a job that
builds without a pipe as well, nor of shells that are not known to lack it. GitLab's runner sets `pipefail` itself.

Fails:

    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # .github/workflows/validate.yaml
    name: validate
    on:
      pull_request:
    permissions:
      contents: read
    jobs:
      validate:
        runs-on: ubuntu-24.04
        steps:
          - run: kustomize build web | kubeconform -strict

Passes:

    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # .github/workflows/validate.yaml
    name: validate
    on:
      pull_request:
    permissions:
      contents: read
    jobs:
      validate:
        runs-on: ubuntu-24.04
        steps:
          - run: kustomize build web | kubeconform -strict
            shell: bash
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import Finding, Pointer, Repository, Severity, dig
from scaffold.model.values import text
from scaffold.rules import workflows
from scaffold.rules.workflows import Job, Workflow

ID = "unnoticed-build-failure"
SEVERITY = Severity.WARNING
SCOPE = "file"
_SHELL: Pointer = ("defaults", "run", "shell")
_BUILDS = re.compile(r"(?<![\w./-])(kustomize build|kubectl kustomize|helm template|flux build)(?![\w-])")
_CHECKS = re.compile(r"(?<![\w-])(kubeconform|kubeval)(?![\w-])")
_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_COMMENT = re.compile(r"(?:\A|(?<=\s))#.*")
_ENDS = re.compile(r";|&&|\|\|")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every pipe from a build to a check that takes nothing for valid."""
    for file in repository.files.values():
        for workflow in workflows.of(file):
            for job in workflow.jobs:
                alone = frozenset(_alone(job))
                for index, step in enumerate(job.steps):
                    if not step.get("continue-on-error") and _lacks_it(workflow, job, step):
                        yield from _piped(job, index, text(step.get("run")), alone)


def _alone(job: Job) -> Iterator[str]:
    """The builds of a job that stand without a pipe, and fail by themselves."""
    for step in job.steps:
        for _, command in _commands(text(step.get("run"))):
            build = _BUILDS.search(command)
            if build and "|" not in command:
                yield build[1]


def _lacks_it(workflow: Workflow, job: Job, step: Mapping[str, Any]) -> bool:
    """Tell whether the shell of a step is known to have no `pipefail`."""
    told = (step.get("shell"), dig(job.data, *_SHELL), dig(workflow.data, *_SHELL))
    shell = next((item for item in told if item is not None), "")
    runner = str(job.data.get("runs-on", "")).lower()
    return shell in ("", "sh", "bash -e {0}", "sh -e {0}") and "windows" not in runner and "${{" not in runner


def _piped(job: Job, index: int, script: str, alone: frozenset[str]) -> Iterator[Finding]:
    if "pipefail" in script or "PIPESTATUS" in script:
        return
    for line, command in _commands(script):
        first, _, rest = command.partition("|")
        build, checked = _BUILDS.search(first), _CHECKS.search(rest.rpartition("|")[2])
        if build and checked and build[1] not in alone:
            fact = f"job {job.name!r} passes where {build[1]!r} fails, since {checked[1]} takes nothing for valid"
            message = f"{fact} and the shell has no pipefail; name 'shell: bash', or begin with 'set -o pipefail'"
            place = job.place("steps", index, "run", line)
            yield Finding(place, ID, message, SEVERITY, subject=f"{job.name}/{index}")
            return


def _commands(script: str) -> Iterator[tuple[int, str]]:
    """The commands of a script, each with the line that it begins at; none whose failure is passed over."""
    begins, whole = 0, ""
    for number, line in enumerate(script.split("\n")):
        if not whole:
            begins = number
        whole += _COMMENT.sub("", _QUOTED.sub("_", line)).strip()
        if whole.endswith("\\"):
            whole = whole[:-1] + " "
        elif not whole.endswith("|"):
            yield from ((begins, " ".join(part.split())) for part in _parts(whole))
            whole = ""


def _parts(line: str) -> list[str]:
    """The commands of a line, but for one that something else is done instead of."""
    return [] if re.search(r"\|\|\s*(?:true|:)", line) else _ENDS.split(line)
