"""A key of argocd-rbac-cm is none that Argo CD reads.

Read are `policy.csv`, every `policy.….csv`, `policy.default`, `policy.matchMode` and `scopes`; whatever stands in
another key is as if it were not there. A mode other than `glob` and `regex` counts as `glob`.

Fails:

    # argocd-rbac-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-rbac-cm
    data:
      policyshop.csv: |
        g, example-org:dev, role:readonly

Passes:

    # argocd-rbac-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-rbac-cm
    data:
      policy.shop.csv: |
        g, example-org:dev, role:readonly
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.policies import policies
from scaffold.model import Finding, Repository, Severity
from scaffold.nearest import hint

ID = "unread-rbac-key"
SEVERITY = Severity.ERROR
SCOPE = "file"
_MODE = "policy.matchMode"
_MODES = ("glob", "regex")
_KNOWN = ("policy.csv", "policy.default", _MODE, "scopes")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every key that is not read, and a mode that is none."""
    for policy in policies(repository):
        for key, value in policy.settings.data.items():
            if key not in _KNOWN and not (key.startswith("policy.") and key.endswith(".csv")):
                message = f"key {key!r} of argocd-rbac-cm is read by nobody; {_remedy(key)}"
                yield Finding(policy.settings.at(key, at_key=True), ID, message, subject=key)
            if key == _MODE and value not in (*_MODES, ""):
                message = f"{_MODE} {value!r} is unknown, so 'glob' counts; {hint(str(value), _MODES)}"
                yield Finding(policy.settings.at(key), ID, message, subject=key)


def _remedy(key: str) -> str:
    middle = key.removeprefix("policy").removesuffix(".csv").strip("._-")
    if key.startswith("policy") and key.endswith(".csv") and middle:
        return f"did you mean {f'policy.{middle}.csv'!r}?"
    return hint(key, _KNOWN)
