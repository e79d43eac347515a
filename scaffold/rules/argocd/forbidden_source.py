"""An Application's repository is not among those that its AppProject permits.

Argo CD answers InvalidSpecError: "application repo … is not permitted in project". Addresses are compared as Argo CD
3.5 does: lower case, one `.git` dropped, the scp form equal to ssh, but https unequal to ssh; a deny that is not hit
counts as an allow, and a repository that a Secret tells Argo CD for the project permits itself. A project that no
build, no Application and no script applies, with no Application beside or above it, and that refuses several addresses
of several Applications, is most likely not the one in use, and told once. What the manifest of project `default` leaves
out stays as Argo CD makes it when it starts, open to everything.

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

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scaffold.assemble import projects
from scaffold.expand.permission import Verdict, source_permitted
from scaffold.model import Application, Confidence, Finding, Manifest, Repository, Severity, Source

ID = "forbidden-source"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_SEVERAL = 2  # addresses and applications, by which a project that nobody applies is not the one in use


class _Refused(NamedTuple):
    """A source that the project of an application refuses."""

    application: Application
    source: Source
    project: Manifest
    verdict: Verdict


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every source that the project refuses; a generator's applications share one place."""
    groups: dict[tuple[str, str], list[_Refused]] = {}
    for refused in _refused(repository):
        groups.setdefault((refused.project.path, refused.project.name), []).append(refused)
    loose = {key: group for key, group in groups.items() if _is_loose(repository, group)}
    yield from map(_of_project, loose.values())
    seen = set()
    for refused in (one for key, group in groups.items() if key not in loose for one in group):
        key = (refused.source.place, refused.source.repo_url)
        if key not in seen:
            seen.add(key)
            yield _finding(*refused)


def _refused(repository: Repository) -> Iterator[_Refused]:
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
            if not verdicts[asked].allowed:
                yield _Refused(application, source, project, verdicts[asked])


def _is_loose(repository: Repository, group: Iterable[_Refused]) -> bool:
    """Tell whether several are refused by a project that nothing here applies."""
    several = list(group)
    urls, names = {one.source.repo_url for one in several}, {one.application.name for one in several}
    return min(len(urls), len(names)) >= _SEVERAL and not projects.is_applied(repository, several[0].project)


def _finding(application: Application, source: Source, project: Manifest, verdict: Verdict) -> Finding:
    message = (
        f"application {application.name!r} takes from {source.repo_url!r}, which project {project.name!r} does "
        f"not permit, {verdict.reason} ({{0}}); add the repository there, or mend the address"
    )
    place = source.place._replace(pointer=(*source.place.pointer, "repoURL"))
    return Finding(place, ID, message, subject=source.repo_url, related=(project.place(*verdict.pointer),))


def _of_project(group: list[_Refused]) -> Finding:
    """One finding for a project that is most likely not the one in use."""
    application, source, project, _ = group[0]
    count = len({one.source.repo_url for one in group})
    fact = (
        f"project {project.name!r}, which nothing here applies, does not permit {count} addresses that its applications"
    )
    message = f"{fact} take from, as {source.repo_url!r} of {application.name!r} ({{0}}); add them, or remove the file"
    place, related = project.place("spec", "sourceRepos"), (source.place,)
    return Finding(place, ID, message, Severity.WARNING, Confidence.MEDIUM, project.name, related)
