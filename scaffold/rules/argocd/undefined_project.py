"""An Application names an AppProject that the repository does not define.

Argo CD answers InvalidSpecError and does nothing. Where the repository defines no project at all, projects are kept
elsewhere and the rule is silent, and so it is where something could not be rendered, which may define them; `default`
is built in.

Fails:

    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: checkout
      namespace: argocd
    spec:
      sourceRepos:
        - https://git.example.com/platform/fleet.git
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
      project: chekout
      source:
        repoURL: https://git.example.com/platform/fleet.git
        path: .
      destination:
        name: in-cluster
        namespace: payments

Passes:

    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: checkout
      namespace: argocd
    spec:
      sourceRepos:
        - https://git.example.com/platform/fleet.git
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
        repoURL: https://git.example.com/platform/fleet.git
        path: .
      destination:
        name: in-cluster
        namespace: payments
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity
from scaffold.nearest import hint, misspelled

ID = "undefined-project"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every Application whose project is not among those defined; a generator's applications share one place.

    Where something could not be rendered, which may define more, only those that are nearly called like one.
    """
    names = set(_names(repository))
    whole = not any(overlay.skipped for overlay in repository.overlays.values())
    seen = set()
    for application in repository.applications:
        place = application.at("spec", "project")
        if application.project in names or application.project == "default" or (place, application.project) in seen:
            continue
        if not (names if whole else misspelled(application.project, names)):
            continue
        seen.add((place, application.project))
        fact = f"application {application.name!r} is in project {application.project!r}, which is not defined"
        yield Finding(place, ID, f"{fact}; {hint(application.project, names)}", subject=application.project)


def _names(repository: Repository) -> Iterator[str]:
    yield from (project.name for project in repository.manifests("argoproj.io/AppProject"))
    for overlay in repository.overlays.values():
        named = (item for item in overlay.objects if item.kind == "AppProject")
        yield from (item.name for item in named if item.identity.group == "argoproj.io")
