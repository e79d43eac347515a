"""A chart makes a Secret or a ConfigMap anew whenever Argo CD renders it.

Argo CD renders charts as `helm template` does (Argo CD 3.5), so that `lookup` finds nothing of what the cluster has,
and `randAlphaNum`, `genCA` and the like give something else each time: each sync writes another value, and one that
heals itself does so on its own. That is told by rendering the chart twice with the values of its application. Where
`ignoreDifferences` name the object, be it in the application or in argocd-cm, and for hooks, nothing is said.

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
        path: charts/web
      destination:
        name: in-cluster
        namespace: kube-system
    # charts/web/Chart.yaml
    apiVersion: v2
    name: web
    version: 1.0.0
    # charts/web/templates/secret.yaml
    apiVersion: v1
    kind: Secret
    metadata:
      name: web
    stringData:
      password: {{ randAlphaNum 24 | quote }}

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
        path: charts/web
      destination:
        name: in-cluster
        namespace: kube-system
    # charts/web/Chart.yaml
    apiVersion: v2
    name: web
    version: 1.0.0
    # charts/web/templates/secret.yaml
    apiVersion: external-secrets.io/v1
    kind: ExternalSecret
    metadata:
      name: web
    spec:
      secretStoreRef:
        kind: ClusterSecretStore
        name: vault
      data:
        - secretKey: password
          remoteRef:
            key: web
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import argocd_settings, deployed
from scaffold.expand import globs
from scaffold.model import Application, Finding, Place, RenderedObject, Repository, Severity, dig, mapping, sequence

ID = "random-value"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_CUSTOM = "resource.customizations.ignoreDifferences"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such value once, where its template makes it; a warning where nothing heals itself."""
    found: dict[Place, Finding] = {}
    ignored = _ignored(repository)
    for application in sorted(repository.applications, key=lambda each: not each.heals):
        for overlay, item in deployed.of_charts(repository, application):
            open_ = overlay.release is not None and overlay.release.open
            if item.unsteady and item.template and not open_ and not _is_spared(application, item, ignored):
                place = Place(item.template, item.document, item.unsteady)
                found.setdefault(place, _finding(application, item, place))
    yield from found.values()


def _finding(application: Application, item: RenderedObject, place: Place) -> Finding:
    key = str(item.unsteady[-1])
    when = "changes by itself" if application.heals else "changes at each sync"
    fact = f"{item.kind} {item.name!r} has a random value under {key!r}, which application {application.name!r} {when}"
    why = "since Argo CD renders without the cluster, where 'lookup' finds nothing"
    message = f"{fact}, {why}; make it elsewhere, or give it by a value"
    severity = SEVERITY if application.heals else Severity.WARNING
    return Finding(place, ID, message, severity, subject=f"{item.kind}/{key}")


def _ignored(repository: Repository) -> set[str]:
    """The kinds of the core group whose differences argocd-cm ignores; `all` is every kind."""
    written = argocd_settings.of_repository(repository, argocd_settings.CM)
    keys = (str(key) for settings in written for key in settings.data)
    return {key.removeprefix(_CUSTOM).strip("._") for key in keys if key.startswith(_CUSTOM)}


def _is_spared(application: Application, item: RenderedObject, ignored: set[str]) -> bool:
    """Tell whether differences of the object are passed over."""
    entries = map(mapping, sequence(dig(application.data, "spec", "ignoreDifferences")))
    return not ignored.isdisjoint((item.kind, "all")) or any(_is_meant(entry, item) for entry in entries)


def _is_meant(entry: object, item: RenderedObject) -> bool:
    told = mapping(entry)
    kind, group, name = (str(told.get(field) or "") for field in ("kind", "group", "name"))
    return globs.matches(kind, item.kind) and group in ("", "*") and name in ("", item.name)
