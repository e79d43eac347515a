"""A path leads to a field that its kind does not have, so that what stands there is never ignored, or patched.

Looked at are the differences that an Application, the settings of Argo CD, a HelmRelease and a Kustomization of Flux
ignore, and the patches of an Application and of a HelmRelease's charts. The engines take such a path for one of an
object that has no such field now; a patch that replaces it fails where it is applied (Argo CD 3.5, Flux 2.9).

Fails:

    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/web.git
        targetRevision: v1.4.2
        path: deploy
      destination:
        name: in-cluster
        namespace: web
      ignoreDifferences:
        - group: apps
          kind: Deployment
          jsonPointers:
            - /spec/replica
      syncPolicy:
        syncOptions:
          - CreateNamespace=true

Passes:

    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/web.git
        targetRevision: v1.4.2
        path: deploy
      destination:
        name: in-cluster
        namespace: web
      ignoreDifferences:
        - group: apps
          kind: Deployment
          jsonPointers:
            - /spec/replicas
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scaffold import schemas
from scaffold.assemble import field_paths
from scaffold.assemble.field_paths import FieldPath
from scaffold.model import Finding, Repository, Severity, mapping

ID = "unknown-path"
SEVERITY = Severity.ERROR
SCOPE = "file"
_SPEC = "spec"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every path whose kind has no such field in any version."""
    for what, path in field_paths.paths(repository):
        if flaw := _flaw(path):
            fact = f"{what} has path {path.text!r}, and {_meant(path) or flaw.message}"
            yield Finding(path.place, ID, fact, SEVERITY, subject=f"{what}/{path.kind}/{path.text}")


def _meant(path: FieldPath) -> str:
    """What is wrong with a path that lacks nothing but `spec` at its beginning."""
    begins = path.text[:1]
    if begins not in ("/", ".") or path.pointer[:1] == (_SPEC,) or _flaw(path._replace(pointer=(_SPEC, *path.pointer))):
        return ""
    return f"{path.kind} has no such field but in its {_SPEC}; did you mean {f'{begins}{_SPEC}{path.text}'!r}?"


def _flaw(path: FieldPath) -> schemas.Flaw | None:
    """What is wrong in each version of the kind that is known."""
    groups = schemas.groups(path.kind) if path.group is None else (path.group,)
    versions = [version for group in groups for version in schemas.api_versions(group, path.kind)]
    found = [_unknown(version, path) for version in versions]
    return found[-1] if found and all(found) else None


def _unknown(version: str, path: FieldPath) -> schemas.Flaw | None:
    value: Any = None
    for part in reversed(path.pointer):
        value = [value] if part == 0 else {part: value}
    flaws = schemas.check({"apiVersion": version, "kind": path.kind, **mapping(value)}, "") or ()
    return next((flaw for flaw in flaws if flaw.at_key), None)
