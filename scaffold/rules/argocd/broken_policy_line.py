"""A line of Argo CD's RBAC policy cannot be read.

One such line makes Argo CD refuse the policy as a whole: the API server keeps what it had before, and after a restart
nobody but the built-in administrator may do anything. A rule is `p, subject, resource, action, object, effect`, a
membership `g, member, role`; a comma inside of a field needs quotes around it, and no blank stands before the first
comma.

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
        p, role:dev, logs, get, shop/*

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
        p, role:dev, logs, get, shop/*, allow
        g, example-org:dev, role:dev
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.policies import policies
from scaffold.model import Finding, Repository, Severity

ID = "broken-policy-line"
SEVERITY = Severity.ERROR
SCOPE = "file"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every line that is refused, in every key that Argo CD reads."""
    for policy in policies(repository):
        for text, place, why in policy.refused:
            message = f"policy line {text!r} is refused, {why}, and with it the whole policy; mend it"
            yield Finding(place, ID, message, subject=text)
