"""Applications are ordered by sync waves, and nothing waits between the waves.

A wave is over when its objects are healthy. Argo CD has no health of Applications of its own since 1.8, so an
application of applications goes on at once, unless `argocd-cm` says how their health is judged. Where files say which
application deploys others, the waves of one that none deploys, but a hand or a script, are passed over; and so are
waves before the last in which no application has automated sync, as with the check each would wait for a hand.

Fails:

    # argocd-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
      namespace: argocd
    data:
      url: https://argocd.example.com
    # apps/database.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: database
      namespace: argocd
      annotations:
        argocd.argoproj.io/sync-wave: "-1"
    spec:
      project: default
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        targetRevision: v1.0.0
        path: database
      destination:
        name: in-cluster
        namespace: payments
      syncPolicy:
        automated: {}
    # apps/payments.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        targetRevision: v1.0.0
        path: payments
      destination:
        name: in-cluster
        namespace: payments

Passes:

    # argocd-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
      namespace: argocd
    data:
      url: https://argocd.example.com
      resource.customizations.health.argoproj.io_Application: |
        hs = {}
        hs.status = "Progressing"
        if obj.status ~= nil and obj.status.health ~= nil then
          hs.status = obj.status.health.status
        end
        return hs
    # apps/database.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: database
      namespace: argocd
      annotations:
        argocd.argoproj.io/sync-wave: "-1"
    spec:
      project: default
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        targetRevision: v1.0.0
        path: database
      destination:
        name: in-cluster
        namespace: payments
      syncPolicy:
        automated: {}
    # apps/payments.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        targetRevision: v1.0.0
        path: payments
      destination:
        name: in-cluster
        namespace: payments
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from scaffold import load
from scaffold.assemble import argocd_settings, deployed, patched
from scaffold.assemble.argocd_settings import CM
from scaffold.expand import sync_order
from scaffold.model import Application, Confidence, Finding, Repository, Severity, mapping

ID = "waves-without-health"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_KEY = "resource.customizations.health.argoproj.io_Application"
_OLD = "resource.customizations"
_WAVE = "argocd.argoproj.io/sync-wave"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield the config map of a repository whose written Applications stand in several waves."""
    written = _ordered(
        repository, [application for application in repository.applications if not application.generated]
    )
    settings = argocd_settings.of_repository(repository, CM)
    if not written or not settings or _has_health(repository, settings):
        return
    first = next(application for application in written if _wave(application))
    fact = (
        f"{CM} has no health check of Applications, so none waits for the wave before, as {first.name!r} ({{0}}) asks"
    )
    message = f"{fact}; set {_KEY}"
    place = settings[0].whole()
    related = (first.at("metadata", "annotations", _WAVE),)
    yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject=CM, related=related)


def _ordered(repository: Repository, written: list[Application]) -> list[Application]:
    """The Applications that stand in several waves of what deploys them, or of what does so elsewhere."""
    groups = [group for each in repository.applications if (group := list(_deployed(repository, each, written)))]
    return next((group for group in groups or [written] if _waits(group)), [])


def _waits(group: list[Application]) -> bool:
    """Tell whether a wave comes after an Application that becomes healthy by itself: what a hand syncs never does."""
    last = max(map(_wave, group), default=0)
    return any(application.automated and _wave(application) < last for application in group)


def _deployed(repository: Repository, parent: Application, written: list[Application]) -> Iterator[Application]:
    """The others that an application deploys."""
    overlays = (deployed.built(repository, parent, source) for source in parent.sources if source.here)
    reads = {path for overlay in overlays if overlay for path in overlay.reads}
    yield from (each for each in written if each.place.path in reads and each.place != parent.place)


def _wave(application: Application) -> int:
    step = sync_order.step(mapping(application.data.get("metadata")), helm=False)
    return step.wave if step else 0


def _has_health(repository: Repository, settings: list[argocd_settings.Settings]) -> bool:
    """Tell whether the health is, or may be, set somewhere."""
    said = any(_KEY in item.data or "argoproj.io/Application" in str(item.data.get(_OLD)) for item in settings)
    hidden = bool(argocd_settings.hidden(repository, CM)) or _adds_to_what_is_far(repository, settings)
    return said or hidden or any(True for _ in repository.manifests("argoproj.io/ArgoCD"))


def _adds_to_what_is_far(repository: Repository, settings: list[argocd_settings.Settings]) -> bool:
    """Tell whether a file is a patch of what a kustomization fetches, which may have it."""
    paths = patched.files(repository) & {item.whole().path for item in settings}
    known = repository.kustomizations
    return any(posixpath.dirname(p) in known and load.is_far(posixpath.dirname(p), known) for p in paths)
