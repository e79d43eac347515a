"""An Application deploys an object of a kind that Argo CD leaves out.

It is never applied, with nothing but an ExcludedResourceWarning: Argo CD 3 is installed with a list of such kinds in
`resource.exclusions`, Endpoints and EndpointSlices among them, and some it leaves out always. Where argocd-cm names
exclusions or inclusions here, these count; where several do, or a generator makes them, only those that are always left
out are reported.

Fails:

    # .gitops-scaffold.yaml
    repository: https://git.example.com/checkout/deploy.git
    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        path: payments
      destination:
        name: in-cluster
        namespace: payments
    # payments/database.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: database
    spec:
      ports:
        - port: 5432
    ---
    apiVersion: v1
    kind: Endpoints
    metadata:
      name: database
    subsets:
      - addresses:
          - ip: 192.0.2.10
        ports:
          - port: 5432

Passes:

    # .gitops-scaffold.yaml
    repository: https://git.example.com/checkout/deploy.git
    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        path: payments
      destination:
        name: in-cluster
        namespace: payments
    # payments/database.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: database
    spec:
      type: ExternalName
      externalName: database.example.com
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from scaffold import parse
from scaffold.assemble import argocd_settings, deployed
from scaffold.expand import exclusions, setting_fields
from scaffold.model import (
    Application,
    Confidence,
    Finding,
    Overlay,
    Place,
    RenderedObject,
    Repository,
    Severity,
    is_variable,
    mapping,
    sequence,
)
from scaffold.model.applications import Source
from scaffold.model.values import text
from scaffold.rules.declaring import declared

ID = "excluded-kind"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_EXCLUSIONS, _INCLUSIONS = "resource.exclusions", "resource.inclusions"
_KEYS = frozenset((_EXCLUSIONS, _INCLUSIONS))
_SERVER = "https://kubernetes.default.svc"  # how Argo CD calls the cluster that it is on


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every object once for each overlay, where the file that declares it says its kind."""
    changed, told = _is_changed(repository), _told(repository)
    for application in repository.applications:
        for source, overlay in _deployed(repository, application):
            for item in overlay.objects:
                if why := _why(item, _server(application), told, changed=changed):
                    fact = f"{item.kind} {item.name!r} is never applied by application {application.name!r}"
                    subject = f"{overlay.path}/{item.kind}/{item.name}"
                    place, related = declared(repository, overlay, item), why.related
                    sure = Confidence.HIGH if source.here else Confidence.MEDIUM
                    message = f"{fact}, since {why.text}"
                    yield Finding(place, ID, message, SEVERITY, sure, subject=subject, related=related)


def _deployed(repository: Repository, application: Application) -> Iterator[tuple[Source, Overlay]]:
    for source in application.sources:
        overlay = deployed.built(repository, application, source)
        if overlay and deployed.is_own(repository, source) and not source.ref:
            yield source, overlay


class _Told(NamedTuple):
    """What the one argocd-cm of the repository says, and where; `key` is the setting."""

    key: str
    place: Place
    filters: tuple[exclusions.Filter, ...]


class _Why(NamedTuple):
    text: str
    related: tuple[Place, ...] = ()


def _why(item: RenderedObject, server: str, told: Sequence[_Told], *, changed: bool) -> _Why | None:
    group, kind = item.identity.group, item.kind
    if exclusions.excluded(group, kind, changed=changed):
        return _Why("Argo CD leaves out its kind; take it out, or change 'resource.exclusions' in argocd-cm")
    for each in told:
        if each.key == _EXCLUSIONS and exclusions.left_out(group, kind, server, each.filters):
            return _Why(f"{each.key!r} of argocd-cm has its kind ({{0}}); take it out here or there", (each.place,))
        if each.key == _INCLUSIONS and exclusions.not_let_in(group, kind, server, each.filters):
            return _Why(f"{each.key!r} of argocd-cm lacks its kind ({{0}}); add it there", (each.place,))
    return None


def _server(application: Application) -> str:
    return application.server or (_SERVER if application.cluster == "in-cluster" else "")


def _told(repository: Repository) -> list[_Told]:
    """The exclusions and inclusions; none where several files say them, for one control plane or another."""
    written = [
        each for each in argocd_settings.of_repository(repository, argocd_settings.CM) if _KEYS & each.data.keys()
    ]
    if len(written) != 1 or argocd_settings.hidden(repository, argocd_settings.CM):
        return []
    settings = written[0]
    keys = sorted(_KEYS & settings.data.keys())
    return [_Told(key, settings.at(key), _filters(key, settings.data[key])) for key in keys]


def _filters(key: str, told: Any) -> tuple[exclusions.Filter, ...]:
    """The entries of a setting; none where it cannot be read as it is meant, which others tell, or holds a variable."""
    entries = () if is_variable(told) else sequence(parse.only(text(told)))
    block = setting_fields.of(key)
    if block and any(block.unknown(mapping(entry)) for entry in entries):
        return ()
    return tuple(map(exclusions.Filter.of, entries))


def _is_changed(repository: Repository) -> bool:
    """Tell whether something here says what is left out, or included."""
    written = argocd_settings.of_repository(repository, argocd_settings.CM)
    keys = {key for settings in written for key in settings.data}
    return not _KEYS.isdisjoint(keys) or bool(argocd_settings.hidden(repository, argocd_settings.CM))
