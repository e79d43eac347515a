"""A subscription or a trigger of Argo CD's notifications names what argocd-notifications-cm does not define.

Nobody is told of anything, and only the controller's log says so. Looked at are repositories that hold the whole config
map: triggers with the templates that they send, services, and the annotations of Applications and AppProjects. Where a
remote base may define more, only slips of what is defined here are reported.

Fails:

    # argocd-notifications-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-notifications-cm
      namespace: argocd
    data:
      service.slack: |
        token: $slack-token
      template.failed: |
        message: failed
      trigger.on-sync-failed: |
        - when: app.status.operationState.phase in ['Error', 'Failed']
          send: [failed]
    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: checkout
      namespace: argocd
      annotations:
        notifications.argoproj.io/subscribe.on-sync-faild.slack: checkout
    spec:
      destinations: []

Passes:

    # argocd-notifications-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-notifications-cm
      namespace: argocd
    data:
      service.slack: |
        token: $slack-token
      template.failed: |
        message: failed
      trigger.on-sync-failed: |
        - when: app.status.operationState.phase in ['Error', 'Failed']
          send: [failed]
    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: checkout
      namespace: argocd
      annotations:
        notifications.argoproj.io/subscribe.on-sync-failed.slack: checkout
    spec:
      destinations: []
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scaffold.assemble import notifications
from scaffold.model import Finding, Repository, Severity
from scaffold.nearest import hint, misspelled

ID = "undefined-notification"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_MANY = 3
_CATALOGUE = frozenset(
    (
        *("created", "deleted", "deployed", "health-degraded"),
        *("sync-failed", "sync-running", "sync-status-unknown", "sync-succeeded"),
    )
)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every name that is not defined; applications of one generator share a place."""
    known = notifications.known(repository)
    seen = set()
    if known is None:
        return
    everything = (*known.used, *notifications.subscribed(repository))
    for used in everything:
        names = known.names[used.noun]
        lost = used.name not in names and (
            known.whole or _is_slip(used.name, names) or _is_odd(used, everything, names)
        )
        if lost and (used.place, used.name) not in seen:
            seen.add((used.place, used.name))
            fact = f"{used.user} names {used.noun} {used.name!r}, which argocd-notifications-cm does not define"
            remedy = hint(used.name, names) if names else f"define '{used.noun}.{used.name}' there"
            yield Finding(used.place, ID, f"{fact}; {remedy}", subject=f"{used.user}/{used.noun}/{used.name}")


def _is_slip(name: str, names: set[str]) -> bool:
    """Tell whether a name can be none of the catalogue, which a remote base may bring, but one of those here."""
    return not _is_catalogued(name) and bool(misspelled(name, names))


def _is_odd(used: notifications.Named, everything: Iterable[notifications.Named], names: set[str]) -> bool:
    """Tell whether all else that its document names is defined here, so that nothing else is likely to bring it."""
    alike = (each for each in everything if each.noun == used.noun and _document(each) == _document(used))
    others = {each.name for each in alike} - {used.name}
    return not _is_catalogued(used.name) and len(others) >= _MANY and others <= names


def _document(used: notifications.Named) -> tuple[str, int]:
    return used.place.path, used.place.document


def _is_catalogued(name: str) -> bool:
    return name.removeprefix("on-").removeprefix("app-") in _CATALOGUE
