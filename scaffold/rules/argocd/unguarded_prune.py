"""An Application prunes all that it has when its manifests come out empty.

Argo CD refuses to sync an Application by itself to nothing at all, which a moved directory or a broken generator
leaves; `allowEmpty: true` takes that guard away, so that everything is deleted.

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

from collections.abc import Iterator

from scaffold.assemble import written
from scaffold.model import Finding, Repository, Severity, mapping

ID = "unguarded-prune"
SEVERITY = Severity.WARNING
SCOPE = "file"
_AUTOMATED = ("spec", "syncPolicy", "automated")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every `allowEmpty` beside `prune`."""
    for item in written.applications(repository):
        automated = mapping(item.get(*_AUTOMATED))
        if automated.get("allowEmpty") is True and automated.get("prune") is True:
            fact = f"{item.what} has allowEmpty, so it prunes everything once its manifests come out empty"
            message = f"{fact}; remove allowEmpty"
            yield Finding(item.at(*_AUTOMATED, "allowEmpty"), ID, message, SEVERITY, subject=item.what)
