"""An Application's cluster or namespace is not among those that its AppProject permits.

Argo CD answers InvalidSpecError: "application destination … do not match any of the allowed destinations in project".
A namespace that is left out is matched only by an entry without one, a deny that is not hit counts as an allow, and a
cluster may be named by one side and addressed by the other, if the fleet declares it.

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

from collections.abc import Iterator

from scaffold.assemble import projects
from scaffold.assemble.clusters import registered
from scaffold.expand.permission import Verdict, destination_permitted, resolve_destination
from scaffold.model import Application, Finding, Repository, Severity, dig, is_variable, mapping

ID = "forbidden-destination"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every destination that the project refuses; a generator's applications share one place."""
    clusters = registered(repository.conventions)
    seen = set()
    verdicts: dict[tuple[str, str, str, str, str], Verdict] = {}
    for application in repository.foreseen:
        project = projects.of(repository, application)
        namespace = application.destination_namespace
        if project is None or not application.tells(namespace) or is_variable(namespace):
            continue
        at = (application.server, application.cluster, namespace)
        asked = (project.path, project.name, *at)
        if asked not in verdicts:
            given = mapping(dig(application.data, "spec", "destination"))
            given = {key: value for key, value in given.items() if application.tells(value)}
            verdicts[asked] = destination_permitted(project.data, resolve_destination(given, clusters), clusters)
        verdict = verdicts[asked]
        place = application.at("spec", "destination")
        key = (place, _shown(application))
        if verdict.allowed or key in seen:
            continue
        seen.add(key)
        message = (
            f"application {application.name!r} goes to {_shown(application)}, which project {project.name!r} does not "
            f"permit, {verdict.reason} ({{0}}); add the destination there, or mend it here"
        )
        yield Finding(place, ID, message, subject=_shown(application), related=(project.place(*verdict.pointer),))


def _shown(application: Application) -> str:
    where = application.cluster or application.server or "no cluster"
    namespace = application.destination_namespace
    return f"cluster {where!r}, " + (f"namespace {namespace!r}" if namespace else "no namespace")
