"""An Application renders an object whose kind its AppProject does not permit.

Nothing is shown before the sync; then one forbidden object fails the sync as a whole, and nothing is applied (seen
with Argo CD 3.5). A cluster-scoped kind has to be in the allow list, with its name where the entry gives one; a
namespaced kind is permitted unless it is denied, or there is an allow list without it. The namespace that
`CreateNamespace=true` makes is such an object, where nothing of the repository makes it.

Fails:

    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: checkout
      namespace: argocd
    spec:
      sourceRepos:
        - https://git.example.com/checkout/deploy.git
      destinations:
        - name: in-cluster
          namespace: payments
      namespaceResourceBlacklist:
        - group: ""
          kind: ResourceQuota
    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: checkout
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        path: payments
      destination:
        name: in-cluster
        namespace: payments
    # payments/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - quota.yaml
    # payments/quota.yaml
    apiVersion: v1
    kind: ResourceQuota
    metadata:
      name: payments
    spec:
      hard:
        pods: "20"

Passes:

    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: checkout
      namespace: argocd
    spec:
      sourceRepos:
        - https://git.example.com/checkout/deploy.git
      destinations:
        - name: in-cluster
          namespace: payments
    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: checkout
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        path: payments
      destination:
        name: in-cluster
        namespace: payments
    # payments/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - quota.yaml
    # payments/quota.yaml
    apiVersion: v1
    kind: ResourceQuota
    metadata:
      name: payments
    spec:
      hard:
        pods: "20"
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold import load, schemas
from scaffold.assemble import deployed, projects
from scaffold.expand.permission import Verdict, kind_permitted
from scaffold.model import (
    Application,
    Confidence,
    Finding,
    Manifest,
    Overlay,
    RenderedObject,
    Repository,
    Severity,
    dig,
    sequence,
)
from scaffold.model.values import text
from scaffold.rules.declaring import declared

ID = "forbidden-kind"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_OPTIONS = ("spec", "syncPolicy", "syncOptions")
_NAMESPACE = ("spec", "destination", "namespace")
_CREATE = "CreateNamespace=true"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every forbidden kind once for each overlay, where the file that declares it says so."""
    permitted = _Permitted(repository.own_schemas)
    seen = set()
    for application in repository.applications:
        project = projects.of(repository, application)
        for finding in _unmade(repository, application, project) if project else ():
            if finding.place not in seen:
                seen.add(finding.place)
                yield finding
        for source in application.sources:
            overlay = deployed.built(repository, application, source) if not source.ref else None
            if project and overlay and (source.here or deployed.is_own(repository, source)):
                yield from _forbidden(repository, application, project, overlay, permitted)


def _unmade(repository: Repository, application: Application, project: Manifest) -> Iterator[Finding]:
    """The namespace that the sync of an Application is told to make, and may not."""
    name, options = application.destination_namespace, sequence(dig(application.data, *_OPTIONS))
    if _CREATE not in options or name in ("", "default", application.namespace) or name in _namespaces(repository):
        return
    verdict = kind_permitted(project.data, "", "Namespace", name, namespaced=False)
    if not verdict.allowed:
        fact = f"application {application.name!r} is told by {_CREATE} to make Namespace {name!r}, which project"
        message = f"{fact} {project.name!r} forbids, {verdict.reason} ({{0}}); permit the kind there"
        written = name in _destinations(repository, application)
        place = application.at(*(*_OPTIONS, options.index(_CREATE)) if written else _NAMESPACE)
        related, subject = (project.place(*verdict.pointer),), f"{application.name}/{name}"
        yield Finding(place, ID, message, Severity.WARNING, Confidence.MEDIUM, subject, related)


def _destinations(repository: Repository, application: Application) -> set[object]:
    """The namespaces that the files of an application say, as far as it is one that a build changes; else its own."""
    overlay = repository.overlays.get(application.place.overlay) if application.place.identity else None
    files = (repository.files.get(path) for path in overlay.reads) if overlay else ()
    parts = [part for file in files if file for whole in file.manifests() for part in load.members(whole)]
    told = [part for part in parts if part.kind == "Application" and part.name in application.name]
    return {text(part.get(*_NAMESPACE)) for part in told} or {application.destination_namespace}


def _namespaces(repository: Repository) -> frozenset[str]:
    return repository.once(_made)


def _made(repository: Repository) -> frozenset[str]:
    """Every Namespace that a file declares or an overlay renders."""
    heads = (head.name for file in repository.files.values() for head in file.heads if head.kind == "Namespace")
    items = (o.name for overlay in repository.overlays.values() for o in overlay.objects if o.kind == "Namespace")
    return frozenset((*heads, *items))


class _Permitted:
    """Asks once for all objects of a kind in a project; only of a kind without namespaces the name counts."""

    def __init__(self, own: schemas.Own) -> None:
        self._own = own
        self._scopes: dict[tuple[str, str], str | None] = {}
        self._verdicts: dict[tuple[str, str, str, str], Verdict] = {}

    def verdict(self, project: Manifest, name: str, item: RenderedObject) -> Verdict | None:
        """The verdict of a project, whose name is given too; None for a kind whose scope is not known."""
        sort = item[:2]
        if sort not in self._scopes:
            self._scopes[sort] = schemas.scope(item.api_version, item.kind, self._own)
        scope = self._scopes[sort]
        if scope is None:
            return None
        namespaced = scope == "Namespaced"
        key = (name, *sort, "" if namespaced else item.name)
        if key not in self._verdicts:
            group = item.identity.group
            self._verdicts[key] = kind_permitted(project.data, group, item.kind, item.name, namespaced=namespaced)
        return self._verdicts[key]


def _forbidden(
    repository: Repository, application: Application, project: Manifest, overlay: Overlay, permitted: _Permitted
) -> Iterator[Finding]:
    for item in overlay.objects:
        verdict = permitted.verdict(project, application.project, item)
        if verdict is None or verdict.allowed:
            continue
        message = (
            f"{item.kind} {item.name!r} may not be deployed by application {application.name!r}, since project "
            f"{project.name!r} forbids it, {verdict.reason} ({{0}}); permit the kind there, or remove the object"
        )
        place = declared(repository, overlay, item)
        subject = f"{overlay.path}/{item.kind}/{item.name}"
        yield Finding(place, ID, message, subject=subject, related=(project.place(*verdict.pointer),))
