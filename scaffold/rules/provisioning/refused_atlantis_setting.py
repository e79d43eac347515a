"""An `atlantis.yaml` sets what its server does not let it set, or names a workflow that is defined nowhere.

Atlantis 0.35 then refuses the whole file, and plans and applies nothing of the repository. Looked at is the file at the
root, with what the server is told by a file of this repository (`repos:` with `id`): the last entry that is for this
repository, and says something, counts for each key. It needs `allowed_overrides` for `workflow` and the like,
`allow_custom_workflows` for `workflows`, and a workflow among `allowed_workflows`, where there are such. Passed over is
a repository that tells several servers of itself, or of which it is not known whether an entry is for it.

Fails:

    # atlantis.yaml
    version: 3
    projects:
      - dir: terraform
        apply_requirements:
          - approved
    # atlantis/repos.yaml
    repos:
      - id: /.*/
        allowed_overrides:
          - workflow
    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # atlantis.yaml
    version: 3
    projects:
      - dir: terraform
        apply_requirements:
          - approved
    # atlantis/repos.yaml
    repos:
      - id: /.*/
        allowed_overrides:
          - apply_requirements
    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.assemble import atlantis
from scaffold.model import Finding, Place, Repository, Severity, mapping, sequence
from scaffold.model.values import text
from scaffold.nearest import hint

ID = "refused-atlantis-setting"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_KEYS = (
    *("apply_requirements", "delete_source_branch_on_merge", "import_requirements", "plan_requirements"),
    *("repo_locking", "repo_locks", "silence_pr_comments", "workflow"),
)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every key that the server refuses, at the first project that has it."""
    own = atlantis.own(repository)
    server = atlantis.server(repository) if own else None
    if server and server.told.get("repo_config_file", atlantis.NAME) == atlantis.NAME:
        projects = [mapping(project) for project in sequence(own.get("projects"))]
        yield from _overrides(server, projects)
        yield from _custom(server, mapping(own.get("workflows")))
        yield from _unknown(server, projects, mapping(own.get("workflows")))


def _overrides(server: atlantis.Server, projects: list[Mapping[str, Any]]) -> Iterator[Finding]:
    allowed = sequence(server.told.get("allowed_overrides"))
    for key in _KEYS:
        setting = [number for number, project in enumerate(projects) if project.get(key) is not None]
        if setting and key not in allowed:
            subject = f"{len(setting)} projects set" if len(setting) > 1 else "project sets"
            fact = f"{subject} {key}, which the server lets nobody override ({{0}})"
            message = f"{fact}, so that Atlantis refuses the whole file; allow it there, or remove it here"
            place = Place(atlantis.NAME, 0, ("projects", setting[0], key), at_key=True)
            related = (server.place("allowed_overrides"),)
            yield Finding(place, ID, message, SEVERITY, subject=key, related=related)


def _custom(server: atlantis.Server, workflows: Mapping[str, Any]) -> Iterator[Finding]:
    if workflows and server.told.get("allow_custom_workflows") is not True:
        fact = "file defines workflows, which the server does not let it do ({0})"
        message = f"{fact}, so that Atlantis refuses all of it; set allow_custom_workflows there, or move them there"
        place = Place(atlantis.NAME, 0, ("workflows",), at_key=True)
        related = (server.place("allow_custom_workflows"),)
        yield Finding(place, ID, message, SEVERITY, subject="workflows", related=related)


def _unknown(
    server: atlantis.Server, projects: list[Mapping[str, Any]], workflows: Mapping[str, Any]
) -> Iterator[Finding]:
    known = server.workflows | frozenset(map(str, workflows))
    allowed = frozenset(map(str, sequence(server.told.get("allowed_workflows"))))
    for number, project in enumerate(projects):
        name = text(project.get("workflow"))
        place = Place(atlantis.NAME, 0, ("projects", number, "workflow"))
        if name and name not in known:
            fact = f"project has workflow '{name}', which neither this file nor the server defines ({{0}})"
            message = f"{fact}, so that Atlantis refuses the whole file; {hint(name, known)}"
            yield Finding(place, ID, message, SEVERITY, subject=f"workflow/{name}", related=(server.first,))
        elif name and allowed and name not in allowed and name not in workflows:
            fact = f"project has workflow '{name}', which the server does not allow here ({{0}})"
            message = f"{fact}, so that Atlantis refuses the whole file; {hint(name, allowed)}"
            related = (server.place("allowed_workflows"),)
            yield Finding(place, ID, message, SEVERITY, subject=f"workflow/{name}", related=related)
