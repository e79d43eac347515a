"""An Application prunes all that it has when its manifests come out empty.

Argo CD refuses to sync an Application by itself to nothing at all, which a moved directory or a broken generator
leaves; `allowEmpty: true` takes that guard away, so that everything is deleted. A habit of most applications that prune
is told once.

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
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        automated:
          prune: true
          allowEmpty: true

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
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        automated:
          prune: true
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.assemble import written
from scaffold.model import Finding, Repository, Severity, mapping
from scaffold.rules import habitual

ID = "unguarded-prune"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_AUTOMATED = ("spec", "syncPolicy", "automated")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every `allowEmpty` beside `prune`."""
    pruning = [item for item in written.applications(repository) if _automated(item).get("prune") is True]
    unguarded = [item for item in pruning if _automated(item).get("allowEmpty") is True]
    for item, others in habitual.told(unguarded, len(pruning)):
        fact = f"{item.what} has allowEmpty{others}, so it prunes everything once its manifests come out empty"
        message = f"{fact}; remove allowEmpty"
        yield Finding(item.at(*_AUTOMATED, "allowEmpty"), ID, message, SEVERITY, subject=item.what)


def _automated(item: written.Written) -> Mapping[str, Any]:
    return mapping(item.get(*_AUTOMATED))
