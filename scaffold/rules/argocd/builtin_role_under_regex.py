"""Argo CD's RBAC policy gives a built-in role, and reads patterns as regular expressions.

The rules of `role:admin` and `role:readonly` are written as globs. As a regular expression `*/*` is malformed, so with
`policy.matchMode: regex` both roles grant nothing on applications, and every evaluation that meets such a rule ends
with no.

Fails:

    # argocd-rbac-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-rbac-cm
      namespace: argocd
    data:
      policy.csv: |
        g, example-org:ops, role:admin
      policy.matchMode: regex

Passes:

    # argocd-rbac-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-rbac-cm
      namespace: argocd
    data:
      policy.csv: |
        g, example-org:ops, role:admin
      policy.matchMode: glob
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.policies import policies
from scaffold.model import Finding, Repository, Severity

ID = "builtin-role-under-regex"
SEVERITY = Severity.ERROR
SCOPE = "file"
_BUILTIN = ("role:admin", "role:readonly")
_REMEDY = "write a role with rules of its own, or leave the mode at glob"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every membership in a built-in role, and one as the default, where the mode is regex."""
    for policy in policies(repository):
        if not policy.regex:
            continue
        for line in policy.memberships:
            if line.fields[1] in _BUILTIN:
                fact = f"policy line {str(line)!r} grants nothing on applications, since policy.matchMode is regex"
                yield Finding(line.place, ID, f"{fact}; {_REMEDY}", subject=str(line))
        if policy.default in _BUILTIN:
            fact = f"policy.default {policy.default!r} grants nothing on applications, since policy.matchMode is regex"
            yield Finding(policy.settings.at("policy.default"), ID, f"{fact}; {_REMEDY}", subject=policy.default)
