"""An Application's cluster or namespace is not among those that its AppProject permits.

Argo CD answers InvalidSpecError: "application destination … do not match any of the allowed destinations in project". A
namespace that is left out is matched only by an entry without one, a deny that is not hit counts as an allow, and a
cluster may be named by one side and addressed by the other, if the fleet declares it; one that a Secret tells Argo CD
for the project permits itself. The namespace of each object that it deploys is asked for, too, and the sync fails for
one that the project does not permit (3.5, `namespace … is not permitted in project`).

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
        namespace: kube-system

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
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold import schemas
from scaffold.assemble import deployed, projects
from scaffold.assemble.clusters import registered
from scaffold.expand.permission import Verdict, destination_permitted, resolve_destination
from scaffold.model import Application, Finding, Manifest, Repository, Severity, dig, is_variable, mapping
from scaffold.rules.declaring import moved

ID = "forbidden-destination"
SEVERITY = Severity.ERROR
SCOPE = "repository"


class _Permitted:
    """Asks once for all applications that go to one place in one project."""

    def __init__(self, repository: Repository) -> None:
        self._clusters = registered(repository.conventions)
        self._verdicts: dict[tuple[str, ...], Verdict] = {}

    def verdict(self, project: Manifest, application: Application, namespace: str) -> Verdict:
        asked = (project.path, project.name, application.server, application.cluster, namespace)
        if asked not in self._verdicts:
            destination = resolve_destination(_given(application, namespace), self._clusters)
            self._verdicts[asked] = destination_permitted(project.data, destination, self._clusters)
        return self._verdicts[asked]


def _given(application: Application, namespace: str) -> Mapping[str, Any]:
    given = {**mapping(dig(application.data, "spec", "destination")), "namespace": namespace}
    return {key: value for key, value in given.items() if application.tells(value)}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every destination that the project refuses; a generator's applications share one place."""
    permitted = _Permitted(repository)
    seen = set()
    for application in repository.foreseen:
        project, namespace = projects.of(repository, application), application.destination_namespace
        if project is None or not application.tells(namespace) or is_variable(namespace):
            continue
        verdict = permitted.verdict(project, application, namespace)
        if verdict.allowed:
            found = _objects(repository, application, project, permitted) if not application.draft else iter(())
        else:
            found = iter([_refused(application, project, verdict)])
        for finding in found:
            key = (finding.place, finding.subject)
            if key not in seen:
                seen.add(key)
                yield finding


def _refused(application: Application, project: Manifest, verdict: Verdict) -> Finding:
    message = (
        f"application {application.name!r} goes to {_shown(application)}, which project {project.name!r} does not "
        f"permit, {verdict.reason} ({{0}}); add the destination there, or mend it here"
    )
    place, related = application.at("spec", "destination"), (project.place(*verdict.pointer),)
    return Finding(place, ID, message, subject=_shown(application), related=related)


def _objects(
    repository: Repository, application: Application, project: Manifest, permitted: _Permitted
) -> Iterator[Finding]:
    """The first object in each namespace that the project refuses, for an application that it permits."""
    asked = {application.destination_namespace, ""}
    for overlay, item in deployed.foreseen(repository, application):
        namespaced = schemas.scope(item.api_version, item.kind, repository.own_schemas) == "Namespaced"
        if not namespaced or item.namespace in asked or is_variable(item.namespace):
            continue
        asked.add(item.namespace)
        verdict = permitted.verdict(project, application, item.namespace)
        if not verdict.allowed:
            fact = f"{item.kind} {item.name!r} of application {application.name!r} goes to namespace {item.namespace!r}"
            message = f"{fact}, which project {project.name!r} does not permit, {verdict.reason} ({{0}}); "
            remedy = "add the destination there, or mend the namespace"
            place, related = moved(repository, overlay, item), (project.place(*verdict.pointer),)
            yield Finding(place, ID, message + remedy, subject=f"{project.name}/{item.namespace}", related=related)


def _shown(application: Application) -> str:
    where = application.cluster or application.server or "no cluster"
    namespace = application.destination_namespace
    return f"cluster {where!r}, " + (f"namespace {namespace!r}" if namespace else "no namespace")
