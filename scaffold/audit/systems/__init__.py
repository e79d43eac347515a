"""CI systems: each module finds its files in a repository and gives the jobs that they run."""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.audit.jobs import Job, Sources
from scaffold.audit.systems import azure, circleci, github, gitlab, jenkins, others


def jobs(sources: Sources) -> Iterator[Job]:
    """Every job of every CI system that is found."""
    for system in (github, gitlab, jenkins, azure, circleci, others):
        yield from system.jobs(sources)
