"""Cases of refusals: Applications and projects that Argo CD does not accept, from `agree/refusals/`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from checking import check, write

from engines import argocd

_HERE = Path(__file__).parent / "agree" / "refusals"
_TREE = """\
# plain/web.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
# chart/Chart.yaml
apiVersion: v2
name: web
version: 0.1.0
# chart/values.yaml
greeting: hello
# chart/templates/web.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  greeting: {{ .Values.greeting | quote }}
# values/web.yaml
greeting: welcome
"""
_RULES = frozenset(
    """
    ignored-source invalid-sync-window missing-path missing-values-file refused-destination refused-project
    refused-role-policy refused-source undeclared-values-reference
    """.split()
)


class Case(NamedTuple):
    """One case: the name of its object, and what its file says."""

    identity: str
    told: Mapping[str, Any]


def _cases(name: str) -> tuple[Case, ...]:
    items = yaml.safe_load((_HERE / f"{name}.yaml").read_text())
    return tuple(Case(f"refused-{name}-{index:02}", item) for index, item in enumerate(items, 1))


APPLICATIONS = _cases("applications")
PROJECTS = _cases("projects")


def tree(root: Path) -> Path:
    """Write what the Applications deploy."""
    return write(root, _TREE)


def application(case: Case, url: str) -> dict[str, Any]:
    spec = {
        "project": "default",
        "destination": {"server": "https://kubernetes.default.svc", "namespace": "default"},
        **json.loads(json.dumps(case.told["spec"]).replace("REPOSITORY", url)),
    }
    return _manifest("Application", case, spec)


def project(case: Case) -> dict[str, Any]:
    return _manifest("AppProject", case, json.loads(json.dumps(case.told["spec"]).replace("SET", case.identity)))


def _manifest(kind: str, case: Case, spec: dict[str, Any]) -> dict[str, Any]:
    metadata = {"name": case.identity, "namespace": argocd.NAMESPACE}
    return {"apiVersion": argocd.API, "kind": kind, "metadata": metadata, "spec": spec}


def reported(manifest: Mapping[str, Any], url: str, root: Path) -> set[str]:
    """The rules about refusals that speak of a manifest beside what it deploys."""
    tree(root)
    (root / ".gitops-scaffold.yaml").write_text(yaml.safe_dump({"repository": url}))
    (root / "object.yaml").write_text(yaml.safe_dump(manifest))
    return {finding.rule for finding in check(root).findings} & _RULES
