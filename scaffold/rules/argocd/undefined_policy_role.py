"""Argo CD's RBAC policy makes somebody a member of a role that permits nothing.

Argo CD writes a warning and goes on. Mostly the role is misspelled, or its prefix `role:` is missing: `dev` and
`role:dev` are two. A default that says by its name that it gives nothing, such as `role:none`, is meant so. A role
whose rules are lines that Argo CD refuses is defined once those are mended.

Fails:

    # argocd-rbac-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-rbac-cm
      namespace: argocd
    data:
      policy.csv: |
        p, role:dev, applications, sync, shop/*, allow
        g, example-org:dev, role:dev
        g, example-org:ops, dev

Passes:

    # argocd-rbac-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-rbac-cm
      namespace: argocd
    data:
      policy.csv: |
        p, role:dev, applications, sync, shop/*, allow
        g, example-org:dev, role:dev
        g, example-org:ops, role:dev
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.assemble.policies import PolicyText, policies
from scaffold.model import Confidence, Finding, Repository, Severity
from scaffold.nearest import near, slipped

ID = "undefined-policy-role"
SEVERITY = Severity.WARNING
SCOPE = "file"
_ADMIN, _READONLY = "role:admin", "role:readonly"
_BUILTIN = (_ADMIN, _READONLY)
_PREFIX = "role:"
_NOTHING = frozenset(f"role:{word}" for word in ("deny", "empty", "no-access", "nobody", "none", "nothing"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every membership in a role without a rule; where the main key is elsewhere, rules may be too."""
    for policy in policies(repository):
        for line in policy.memberships if policy.whole else ():
            member, role = line.fields
            if not role.startswith("proj:") and not _is_known(policy, role):
                fact = f"policy line {str(line)!r} gives {member!r} role {role!r}, which no rule is about"
                message = f"{fact}; {_remedy(policy, role)}"
                yield Finding(line.place, ID, message, SEVERITY, Confidence.MEDIUM, str(line))
        if policy.whole and policy.default not in _NOTHING | {""} and not _is_known(policy, policy.default):
            fact = f"'policy.default' gives everybody role {policy.default!r}, which no rule is about"
            place, remedy = policy.settings.at("policy.default"), _remedy(policy, policy.default)
            yield Finding(place, ID, f"{fact}; {remedy}", SEVERITY, Confidence.MEDIUM, policy.default)


def _is_known(policy: PolicyText, role: str) -> bool:
    """Tell whether a role permits something, or would if a line were mended that is refused."""
    return _permits(policy, role) or any(role in re.split(r"[\s,]+", text) for text, _, _ in policy.refused)


def _remedy(policy: PolicyText, role: str) -> str:
    """The role that is meant; everything is given to nobody on a guess, unless a letter tells them apart."""
    own = {_READONLY, *(rule.fields[0] for rule in policy.rules if rule.fields[0].startswith(_PREFIX))} - {_ADMIN}
    prefixed = f"{_PREFIX}{role.removeprefix(_PREFIX)}"
    if guess := prefixed if prefixed in {_ADMIN, *own} else slipped(prefixed, {_ADMIN, *own}):
        return f"did you mean {guess!r}?"
    if guess := near(role.removeprefix(_PREFIX), (name.removeprefix(_PREFIX) for name in own)):
        return f"did you mean {_PREFIX + guess!r}?"
    return f"write a rule for it, or name one of {', '.join(map(repr, sorted(own)))}"


def _permits(policy: PolicyText, role: str) -> bool:
    """Tell whether a role, or one that it is in, has a rule."""
    seen: set[str] = set()
    todo = [role]
    while todo:
        name = todo.pop()
        if name in _BUILTIN or any(rule.fields[0] == name for rule in policy.rules):
            return True
        seen.add(name)
        todo += [g.fields[1] for g in policy.memberships if g.fields[0] == name and g.fields[1] not in seen]
    return False
