"""Argo CD's RBAC policy makes somebody a member of a role that permits nothing.

Argo CD writes a warning and goes on. Mostly the role is misspelled, or its prefix `role:` is missing: `dev` and
`role:dev` are two. A default that says by its name that it gives nothing, such as `role:none`, is meant so.

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

from collections.abc import Iterator

from scaffold.assemble.policies import PolicyText, policies
from scaffold.model import Confidence, Finding, Repository, Severity
from scaffold.nearest import hint

ID = "undefined-policy-role"
SEVERITY = Severity.WARNING
SCOPE = "file"
_BUILTIN = ("role:admin", "role:readonly")
_NOTHING = frozenset(f"role:{word}" for word in ("deny", "empty", "no-access", "nobody", "none", "nothing"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every membership in a role without a rule; where the main key is elsewhere, rules may be too."""
    for policy in policies(repository):
        for line in policy.memberships if policy.whole else ():
            member, role = line.fields
            if role.startswith("proj:") or _permits(policy, role):
                continue
            known = {*_BUILTIN, *(rule.fields[0] for rule in policy.rules if rule.fields[0].startswith("role:"))}
            prefixed = f"role:{role}"
            remedy = f"did you mean {prefixed!r}?" if prefixed in known else hint(role, known)
            fact = f"policy line {str(line)!r} gives {member!r} role {role!r}, which no rule is about"
            yield Finding(line.place, ID, f"{fact}; {remedy}", SEVERITY, Confidence.MEDIUM, str(line))
        if policy.whole and policy.default not in _NOTHING | {""} and not _permits(policy, policy.default):
            known = {*_BUILTIN, *(rule.fields[0] for rule in policy.rules)}
            fact = f"'policy.default' gives everybody role {policy.default!r}, which no rule is about"
            place, remedy = policy.settings.at("policy.default"), hint(policy.default, known)
            yield Finding(place, ID, f"{fact}; {remedy}", SEVERITY, Confidence.MEDIUM, policy.default)


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
