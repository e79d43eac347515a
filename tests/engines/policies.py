"""Cases of Argo CD's RBAC, from `agree/rbac/`.

A case is an element of a file there: `policy` (the central lines), `more` (other keys of that config map), `default`
(the role of those without one), `mode` (how objects are matched), `project` (the name and the roles of an AppProject),
`can` (subject, action, resource, and mostly an object), and `answer`: `yes`, `no`, or what the engine refuses to work
with, which is a `bad policy` or a `bad question`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from scaffold.expand import rbac
from scaffold.model import Manifest

HERE = Path(__file__).parent / "agree" / "rbac"


class Case(NamedTuple):
    """One case: its name, and what its file says."""

    identity: str
    told: Mapping[str, Any]


def _cases() -> Iterator[Case]:
    for path in sorted(HERE.glob("*.yaml")):
        told = yaml.safe_load(path.read_text())
        yield from (Case(f"{path.stem}-{index:02}", item) for index, item in enumerate(told, 1))


CASES = tuple(_cases())


def predicted(case: Case) -> str:
    """What the evaluation says, in the words of `answer`."""
    subject, action, resource, *object_ = case.told["can"]
    try:
        policy = rbac.policy(_central(case.told)["data"], _projects(case.told))
    except rbac.LineError:
        return "bad policy"
    try:
        question = rbac.request(action, resource, *object_)
    except rbac.QuestionError:
        return "bad question"
    return "yes" if policy.can(subject, question).allowed else "no"


def config_map(case: Case) -> dict[str, Any]:
    """`argocd-rbac-cm`, with the lines that Argo CD adds for a project when it asks about one of its objects."""
    made = _central(case.told)
    lines = [made["data"]["policy.csv"], *_lines(case.told.get("project", {}))]
    made["data"]["policy.csv"] = "\n".join(line for line in lines if line)
    return made


def _central(told: Mapping[str, Any]) -> dict[str, Any]:
    data = {"policy.csv": told.get("policy", ""), **told.get("more", {})}
    settings = {"policy.default": told.get("default"), "policy.matchMode": told.get("mode")}
    data |= {key: value for key, value in settings.items() if value}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "argocd-rbac-cm"}, "data": data}


def _projects(told: Mapping[str, Any]) -> Iterator[Manifest]:
    if "project" in told:
        spec = {key: value for key, value in told["project"].items() if key != "name"}
        yield Manifest({"kind": "AppProject", "metadata": {"name": told["project"]["name"]}, "spec": spec}, "")


def _lines(project: Mapping[str, Any]) -> Iterator[str]:
    """The policy lines of a project's roles (Argo CD 3.5.7, ProjectPoliciesString)."""
    for role in project.get("roles", ()):
        subject = f"proj:{project['name']}:{role['name']}"
        yield f"p, {subject}, projects, get, {project['name']}, allow"
        yield from role.get("policies", ())
        yield from (f"g, {group}, {subject}" for group in role.get("groups", ()))
