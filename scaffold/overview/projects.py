"""Who may do what, and when, by the AppProjects of the repository."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scaffold.model import Manifest, Repository, mapping, sequence
from scaffold.report.page.nouns import Role

_PROJECT = "argoproj.io/AppProject"


def roles(repository: Repository) -> tuple[Role, ...]:
    """Every role of every project, with the actions on applications that it allows."""
    return tuple(role for project in repository.manifests(_PROJECT) for role in _roles(project))


def _roles(project: Manifest) -> Iterator[Role]:
    for item in map(mapping, sequence(project.get("spec", "roles"))):
        groups = tuple(str(group) for group in sequence(item.get("groups")))
        yield Role(project.name, str(item.get("name", "")), groups, tuple(sorted(_actions(item))))


def _actions(role: Any) -> set[str]:
    found = set()
    for policy in sequence(mapping(role).get("policies")):
        fields = [part.strip() for part in str(policy).split(",")]
        if len(fields) == 6 and fields[0] == "p" and fields[2] in ("applications", "logs") and fields[5] == "allow":
            found.add(fields[3] if fields[2] == "applications" else "logs")
    return found


def windows(repository: Repository) -> dict[str, str]:
    """The windows of each project in words."""
    return {project.name: "; ".join(_windows(project)) for project in repository.manifests(_PROJECT)}


def _windows(project: Manifest) -> Iterator[str]:
    for item in map(mapping, sequence(project.get("spec", "syncWindows"))):
        zone = item.get("timeZone") or "UTC"
        yield f"{item.get('kind')} {item.get('schedule')} for {item.get('duration')} ({zone})"
