"""A sync is told to respect ignored differences, and none is ignored.

`RespectIgnoreDifferences=true` leaves out of a sync what `ignoreDifferences` names, of the Application or of argocd-cm.
Where neither names anything it does nothing, and what somebody else changes is set back. A habit of most applications
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
from scaffold.rules import habitual

ID = "nothing-to-respect"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_OPTION = "RespectIgnoreDifferences=true"
_EVERYWHERE = "resource.customizations"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such option, unless settings ignore differences for all applications."""
    if _ignored_everywhere(repository):
        return
    asking = [item for item in written.applications(repository) if _OPTION in _options(item)]
    idle = [item for item in asking if _ignores_nothing(item)]
    for item, others in habitual.told(idle, len(asking)):
        fact = f"{item.what} has sync option {_OPTION!r}, and ignores no difference{others}"
        place = item.at("spec", "syncPolicy", "syncOptions", _options(item).index(_OPTION))
        message = f"{fact}; name what to ignore under ignoreDifferences, or remove the option"
        yield Finding(place, ID, message, SEVERITY, subject=item.what)


def _options(item: written.Written) -> list[str]:
    return [str(option) for option in sequence(item.get("spec", "syncPolicy", "syncOptions"))]


def _ignores_nothing(item: written.Written) -> bool:
    patched = item.template and item.manifest.get("spec", "templatePatch")
    whole = mapping(item.get("spec", "destination"))
    return bool(whole) and not item.get("spec", "ignoreDifferences") and not patched


def _ignored_everywhere(repository: Repository) -> bool:
    name = argocd_settings.CM
    keys = (key for item in argocd_settings.of_repository(repository, name) for key in item.data)
    return any(key.startswith(_EVERYWHERE) for key in keys) or bool(argocd_settings.hidden(repository, name))
