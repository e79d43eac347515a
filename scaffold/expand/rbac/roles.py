"""The policies of an AppProject's role, held to what Argo CD's API accepts (3.5.7, validatePolicy)."""

from __future__ import annotations

import re

from scaffold.expand.rbac.questions import PROJECT_SCOPED
from scaffold.nearest import hint

_ACTIONS = frozenset("* create delete get override rollback sync update".split())
_PATHS = re.compile(r"(action|delete|update)/")
_EFFECTS = ("allow", "deny")
_FORM = "'p, subject, resource, action, object, effect'"


def role_policy_flaw(policy: str, project: str, role: str) -> str:
    """Why a policy is refused, with a remedy; empty for one that is accepted.

    `rollback` is accepted from Argo CD 3.6 on, so it counts as known.
    """
    fields = [field.strip(" ") for field in policy.split(",")]
    if len(fields) != 6 or fields[0] != "p":
        return f"it is not of the form {_FORM}; write its six fields"
    _, subject, resource, action, object_, effect = fields
    own = f"proj:{project}:{role}"
    if subject != own:
        return f"its subject is {subject!r}, not the role itself; write {own!r}"
    if resource not in PROJECT_SCOPED:
        return f"resource {resource!r} belongs to no project; {hint(resource, PROJECT_SCOPED)}"
    if action not in _ACTIONS and not _PATHS.search(action):
        return f"action {action!r} is unknown; {hint(action, {*_ACTIONS, 'action/*'})}"
    if not re.fullmatch(rf"{re.escape(project)}(/[*\w\-.]+)?/[*\w\-.]+", object_, re.ASCII):
        return f"object {object_!r} is none of the project's; write {f'{project}/*'!r} or {f'{project}/name'!r}"
    return "" if effect in _EFFECTS else f"effect {effect!r} is unknown; {hint(effect.lower(), _EFFECTS)}"
