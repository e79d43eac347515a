"""A pattern in a rule of Argo CD's RBAC policy cannot be read.

A malformed glob matches nothing, so a deny with one denies nothing, and all that is seen of it is a warning in a log.
With `policy.matchMode: regex` a malformed expression ends the evaluation instead: whoever the rule is about may do
nothing where the rest of it matches.

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
        p, role:dev, applications, delete, shop/[we, deny

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
        p, role:dev, applications, delete, shop/[we]*, deny
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.policies import policies
from scaffold.expand import UnverifiableError, globs, regexes
from scaffold.model import Finding, Repository, Severity

ID = "malformed-policy-pattern"
SEVERITY = Severity.ERROR
SCOPE = "file"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every resource, action or object that is no pattern."""
    for policy in policies(repository):
        for line in policy.rules:
            for pattern in line.fields[1:4]:
                if wrong := _regex_flaw(pattern) if policy.regex else globs.malformed(pattern):
                    fact = f"policy line {str(line)!r} has a pattern that cannot be read, {pattern!r}, {wrong}"
                    yield Finding(line.place, ID, f"{fact}; mend it", subject=str(line))


def _regex_flaw(pattern: str) -> str:
    try:
        regexes.compile_go(pattern)
    except regexes.MalformedError:
        return "which is no regular expression, so nothing is permitted"
    except UnverifiableError:
        return ""
    return ""
