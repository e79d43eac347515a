"""A workflow uses an action by a name that its owner can move.

A tag or a branch means another commit tomorrow, and whoever takes the action's repository over runs in yours, with its
token. A commit is the only name that stays.

Fails:

    # .github/workflows/preview.yaml
    name: validate
    on:
      pull_request:
    permissions: {}
    jobs:
      validate:
        runs-on: ubuntu-24.04
        steps:
          - uses: actions/checkout@v5
    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # .github/workflows/preview.yaml
    name: validate
    on:
      pull_request:
    permissions: {}
    jobs:
      validate:
        runs-on: ubuntu-24.04
        steps:
          - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.model import Finding, Place, Repository, Severity
from scaffold.rules import workflows

ID = "unpinned-action"
SEVERITY = Severity.WARNING
SCOPE = "file"
PROFILES = ("security",)
_PINNED = re.compile(r"\./|[^@]+@(?:[0-9a-f]{40}|[0-9a-f]{64}|sha256:[0-9a-f]{64})\Z")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every action, image and reusable workflow that is not named by its content."""
    for file in repository.files.values():
        for workflow in workflows.of(file):
            for job in workflow.jobs:
                used: list[tuple[object, Place]] = [(job.data.get("uses"), job.place("uses"))]
                used += [(step.get("uses"), job.place("steps", n, "uses")) for n, step in enumerate(job.steps)]
                for name, place in used:
                    if isinstance(name, str) and not _PINNED.match(name):
                        message = f"job {job.name!r} uses {name!r}, which may change; name a commit"
                        yield Finding(place, ID, message, SEVERITY, subject=f"{job.name}/{name}")
