"""A workflow of GitHub waits for an event that there is none of.

Where it is what starts the workflow, GitHub refuses the file. A condition that compares `github.event_name` with such a
name never holds, so that what it guards does not run, and one that is to leave it out leaves out nothing. GitHub
compares regardless of case there. Looked at are comparisons with a literal, in `if` and between `${{` and `}}`; told of
are names that are nearly those of an event, or that other systems have for one, since GitHub may add others.

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
        if: github.event_name == 'pull-request'
        runs-on: ubuntu-latest
        steps:
          - run: make validate

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
        if: github.event_name == 'pull_request'
        runs-on: ubuntu-latest
        steps:
          - run: make validate
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import Finding, Pointer, Repository, Severity
from scaffold.nearest import misspelled
from scaffold.rules import workflows

ID = "unknown-event"
SEVERITY = Severity.ERROR
SCOPE = "file"
# What starts a workflow, and what GitHub calls the runs that it starts itself (documentation of November 2026).
_EVENTS = frozenset(
    """
    branch_protection_rule check_run check_suite create delete deployment deployment_status discussion
    discussion_comment dynamic fork gollum image_version issue_comment issues label member merge_group milestone
    page_build project project_card project_column public pull_request pull_request_comment pull_request_review
    pull_request_review_comment pull_request_target push registry_package release repository_dispatch
    schedule status watch workflow_call workflow_dispatch workflow_run
    """.split()
)
_USUAL = {
    "pr": "pull_request",
    "merge_request": "pull_request",
    "cron": "schedule",
    "manual": "workflow_dispatch",
    "tag": "push",
}
_NAME = r"github\.event_name"
_EQUAL, _LITERAL = r"\s{0,9}[!=]=\s{0,9}", r"'([\w.-]+)'"
_COMPARED = re.compile(rf"{_NAME}{_EQUAL}{_LITERAL}|{_LITERAL}{_EQUAL}{_NAME}\b")
_EXPRESSION = re.compile(r"\$\{\{([^{}]*)\}\}")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every event that starts a workflow, or that it asks for, and that is none."""
    for workflow in (each for file in repository.files.values() for each in workflows.of(file)):
        yield from _starting(workflow)
        for pointer, name in _asked(workflow.data, ()):
            if guess := _meant(name.lower()):
                fact = f"github.event_name is compared with {name!r}, which is no event, so they are never equal"
                message, subject = f"{fact}; did you mean {guess!r}?", "/".join(map(str, (*pointer, name)))
                yield Finding(workflow.place(*pointer), ID, message, SEVERITY, subject=subject)


def _starting(workflow: workflows.Workflow) -> Iterator[Finding]:
    for name in sorted(workflow.triggers):
        if guess := _meant(name):
            whole = not isinstance(workflow.on, Mapping)
            place = workflow.place("on") if whole else workflow.place("on", name, at_key=True)
            fact = f"workflow is started by {name!r}, which is no event, so GitHub refuses the file"
            yield Finding(place, ID, f"{fact}; did you mean {guess!r}?", SEVERITY, subject=name)


def _asked(value: Any, at: Pointer) -> Iterator[tuple[Pointer, str]]:
    """The names that expressions compare the event's with."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _asked(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _asked(item, (*at, index))
    elif isinstance(value, str) and "event_name" in value:
        texts = [value] if at[-1:] == ("if",) else [found[1] for found in _EXPRESSION.finditer(value)]
        names = (found[1] or found[2] for each in texts for found in _COMPARED.finditer(each))
        yield from ((at, name) for name in dict.fromkeys(names))


def _meant(name: str) -> str:
    """The event that was meant by what is none, or nothing."""
    plain = name.replace("-", "_")
    return "" if name in _EVENTS else _USUAL.get(plain) or (plain if plain in _EVENTS else misspelled(plain, _EVENTS))
