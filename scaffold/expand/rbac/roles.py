"""The policies of an AppProject's role, held to what Argo CD's API accepts (3.5.7, validatePolicy)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.expand.rbac.questions import ACTIONS, PROJECT_SCOPED
from scaffold.nearest import hint, near

_ACTIONS = frozenset("* create delete get override rollback sync update".split())
_PATHS = re.compile(r"(action|delete|update)/")
_EFFECTS = ("allow", "deny")
_NAME = r"[*\w\-.]+"
_FORM = "'p, subject, resource, action, object, effect'"


def role_policy_flaw(policy: str, project: str, role: str) -> str:
    """Why a policy is refused, with a remedy for all of it; empty for one that is accepted.

    `rollback` is accepted from Argo CD 3.6 on, so it counts as known.
    """
    fields = [field.strip(" ") for field in policy.split(",")]
    if len(fields) != 6 or fields[0] != "p":
        return f"it is not of the form {_FORM}; write its six fields"
    if fields[2] not in PROJECT_SCOPED:
        return f"resource {fields[2]!r} belongs to no project; {_instead(fields[2])}"
    flaws = list(_flaws(fields, project, role))
    if len(flaws) > 1:
        return f"{', and '.join(fact for fact, _ in flaws)}; write {_mended(fields, project, role)!r}"
    return "; ".join(flaws[0]) if flaws else ""


def _mended(fields: list[str], project: str, role: str) -> str:
    """The policy as its author may have meant it: the same, within the project."""
    _, _, resource, action, object_, effect = fields
    known = action in _ACTIONS or _PATHS.search(action)
    meant = action if known else near(action, _ACTIONS) or "get"
    name = object_.rpartition("/")[2]
    whole = f"{project}/{name if re.fullmatch(_NAME, name, re.ASCII) else '*'}"
    allowed = effect if effect in _EFFECTS else near(effect.lower(), _EFFECTS) or "allow"
    return f"p, proj:{project}:{role}, {resource}, {meant}, {whole}, {allowed}"


def _instead(resource: str) -> str:
    """What to do about a resource that no role of a project may have: of others one was meant, or none."""
    known = resource in ACTIONS or resource == "*"
    return "remove the policy, or give it in argocd-rbac-cm" if known else hint(resource, PROJECT_SCOPED)


def _flaws(fields: list[str], project: str, role: str) -> Iterator[tuple[str, str]]:
    """What is refused of the fields but for the resource, each with a remedy; the API names the first alone."""
    _, subject, _, action, object_, effect = fields
    own = f"proj:{project}:{role}"
    if subject != own:
        yield f"its subject is {subject!r}, not the role itself", f"write {own!r}"
    if action not in _ACTIONS and not _PATHS.search(action):
        yield f"action {action!r} is unknown", hint(action, {*_ACTIONS, "action/*"})
    if not re.fullmatch(rf"{re.escape(project)}(/{_NAME})?/{_NAME}", object_, re.ASCII):
        yield f"object {object_!r} is none of the project's", f"write {f'{project}/*'!r} or {f'{project}/name'!r}"
    if effect not in _EFFECTS:
        yield f"effect {effect!r} is unknown", hint(effect.lower(), _EFFECTS)
