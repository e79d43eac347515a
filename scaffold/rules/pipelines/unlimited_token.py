"""A workflow's token may do everything in the repository.

`write-all` gives every step, and every action that a step uses, the right to push, to release and to change settings.

Fails:

    # .github/workflows/preview.yaml
    name: validate
    on:
      pull_request:
    permissions: write-all
    jobs:
      validate:
        runs-on: ubuntu-24.04
        steps:
          - run: make test
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
    permissions:
      contents: read
    jobs:
      validate:
        runs-on: ubuntu-24.04
        steps:
          - run: make test
    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Place, Repository, Severity
from scaffold.rules import workflows

ID = "unlimited-token"
SEVERITY = Severity.WARNING
SCOPE = "file"
PROFILES = ("security",)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every workflow and job that asks for all rights."""
    for file in repository.files.values():
        for workflow in workflows.of(file):
            asking = [("the workflow", workflow.data, Place(file.path, 0, ("permissions",)))]
            asking += [(f"job {job.name!r}", job.data, job.place("permissions")) for job in workflow.jobs]
            for who, data, place in asking:
                if data.get("permissions") == "write-all":
                    message = f"{who} asks for 'write-all'; name the rights that it needs"
                    yield Finding(place, ID, message, SEVERITY)
