"""A key of argocd-rbac-cm is none that Argo CD reads.

Read are `policy.csv`, every `policy.….csv`, `policy.default`, `policy.matchMode` and `scopes`; whatever stands in
another key is as if it were not there. A mode other than `glob` and `regex` counts as `glob`, and with `scopes` that
are no list in YAML, such as `[groups]`, argocd-server does not start.

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

import re
from collections.abc import Iterator

from scaffold import parse
from scaffold.assemble.policies import policies
from scaffold.errors import ScaffoldError
from scaffold.model import Finding, Repository, Severity, is_templated, is_variable
from scaffold.nearest import hint

ID = "unread-rbac-key"
SEVERITY = Severity.ERROR
SCOPE = "file"
_MODE = "policy.matchMode"
_MODES = ("glob", "regex")
_SCOPES = "scopes"
_KNOWN = ("policy.csv", "policy.default", _MODE, _SCOPES)


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
            if key == _SCOPES and not _is_list(value):
                message = f"{_SCOPES} {value!r} of argocd-rbac-cm are no list, so that argocd-server does not start"
                yield Finding(policy.settings.at(key), ID, f"{message}; write {_listed(value)!r}", subject=key)


def _is_list(value: object) -> bool:
    """Tell whether it is a list of texts, or nothing; what is filled in may be one."""
    if not isinstance(value, str) or is_variable(value) or is_templated(value):
        return True
    try:
        found = next(iter(parse.parse(value).documents), None)
    except ScaffoldError:
        return False
    return found is None or (isinstance(found, list) and all(isinstance(item, str) for item in found))


def _listed(value: str) -> str:
    return f"[{', '.join(word for word in re.split(r'[^A-Za-z0-9_.:/-]+', value) if word)}]"


def _remedy(key: str) -> str:
    middle = key.removeprefix("policy").removesuffix(".csv").strip("._-")
    if key.startswith("policy") and key.endswith(".csv") and middle:
        return f"did you mean {f'policy.{middle}.csv'!r}?"
    return hint(key, _KNOWN)
