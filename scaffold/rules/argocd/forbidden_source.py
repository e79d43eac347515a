"""An Application's repository is not among those that its AppProject permits.

Argo CD answers InvalidSpecError: "application repo … is not permitted in project". Addresses are compared as Argo CD
3.5 does: lower case, one `.git` dropped, the scp form equal to ssh, but https unequal to ssh; a deny that is not hit
counts as an allow.

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
        repoURL: git@git.example.com:checkout/deploy.git
        path: payments
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
        repoURL: https://git.example.com/checkout/deploy
        path: payments
      destination:
        name: in-cluster
        namespace: payments
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import projects
from scaffold.expand.permission import Verdict, source_permitted
from scaffold.model import Finding, Repository, Severity

ID = "forbidden-source"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every source that the project refuses; a generator's applications share one place."""
    seen = set()
    verdicts: dict[tuple[str, str, str], Verdict] = {}
    for application in repository.foreseen:
        project = projects.of(repository, application)
        for source in application.sources if project else ():
            assert project is not None
            if not (source.repo_url and application.tells(source.repo_url)):
                continue
            asked = (project.path, project.name, source.repo_url)
            if asked not in verdicts:
                verdicts[asked] = source_permitted(project.data, source.repo_url)
            verdict = verdicts[asked]
            key = (source.place, source.repo_url)
            if verdict.allowed or key in seen:
                continue
            seen.add(key)
            message = (
                f"application {application.name!r} takes from {source.repo_url!r}, which project {project.name!r} does "
                f"not permit, {verdict.reason} ({{0}}); add the repository there, or mend the address"
            )
            place = source.place._replace(pointer=(*source.place.pointer, "repoURL"))
            yield Finding(place, ID, message, subject=source.repo_url, related=(project.place(*verdict.pointer),))
