"""A sync is told to respect ignored differences, and none is ignored.

`RespectIgnoreDifferences=true` leaves out of a sync what `ignoreDifferences` names, of the Application or of argocd-cm.
Where neither names anything it does nothing, and what somebody else changes is set back.

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
        syncOptions:
          - RespectIgnoreDifferences=true

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
      ignoreDifferences:
        - group: apps
          kind: Deployment
          jsonPointers:
            - /spec/replicas
      syncPolicy:
        syncOptions:
          - RespectIgnoreDifferences=true
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import argocd_settings, written
from scaffold.model import Finding, Repository, Severity, mapping, sequence

ID = "nothing-to-respect"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_OPTION = "RespectIgnoreDifferences=true"
_EVERYWHERE = "resource.customizations"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such option, unless settings ignore differences for all applications."""
    if _ignored_everywhere(repository):
        return
    for item in written.applications(repository):
        options = [str(option) for option in sequence(item.get("spec", "syncPolicy", "syncOptions"))]
        patched = item.template and item.manifest.get("spec", "templatePatch")
        whole = mapping(item.get("spec", "destination"))
        if whole and _OPTION in options and not item.get("spec", "ignoreDifferences") and not patched:
            fact = f"{item.what} has sync option {_OPTION!r}, and ignores no difference"
            place = item.at("spec", "syncPolicy", "syncOptions", options.index(_OPTION))
            message = f"{fact}; name what to ignore under ignoreDifferences, or remove the option"
            yield Finding(place, ID, message, SEVERITY, subject=item.what)


def _ignored_everywhere(repository: Repository) -> bool:
    name = argocd_settings.CM
    keys = (key for item in argocd_settings.of_repository(repository, name) for key in item.data)
    return any(key.startswith(_EVERYWHERE) for key in keys) or bool(argocd_settings.hidden(repository, name))
