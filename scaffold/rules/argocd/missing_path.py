"""An Application's path is not in the repository.

Argo CD answers ComparisonError: "app path does not exist". Sources in other repositories are not looked at. Of a
tag, or of another branch than the one that is checked out, only a path is named that is a slip of one there is here.

Fails:

    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      sources:
        - repoURL: https://git.example.com/platform/fleet.git
          path: apps/payments
        - repoURL: https://git.example.com/platform/fleet.git
          path: apps/paymnets
      destination:
        name: in-cluster
        namespace: payments
    # apps/payments/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/platform/fleet.git
        path: apps/payments
      destination:
        name: in-cluster
        namespace: payments
    # apps/payments/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from scaffold.expand.urls import normalize
from scaffold.model import Finding, Repository, Severity, Source, above, is_variable
from scaffold.nearest import is_kin, misspelled, near, slipped

ID = "missing-path"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_LIKENESS = 0.85  # of 1 for equal paths: one of the same name is meant where a directory above it is a slip


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every path of this repository that is no directory in it; generated applications share one place."""
    seen = set()
    for application in repository.foreseen:
        for source in application.sources:
            there = source.path in repository.directories or (source.ref and not source.path)
            known = application.tells(source.path) and not is_variable(source.path)
            if there or not known or (source.place, source.path) in seen:
                continue
            if not source.here and not _is_slip(repository, source):
                continue
            seen.add((source.place, source.path))
            fact = "is a file" if source.path in repository.paths else "is not there"
            remedy = _remedy(repository, source.path)
            message = f"application {application.name!r} deploys path {source.path!r}, which {fact}; {remedy}"
            place = source.place._replace(pointer=(*source.place.pointer, "path"))
            yield Finding(place, ID, message, subject=f"{application.name}/{source.path}")


def _is_slip(repository: Repository, source: Source) -> bool:
    """Tell whether a path of this repository at another revision can only be one that is here."""
    own = source.path and normalize(source.repo_url) in repository.once(_own)
    part = next((p for p in (*above(source.path), source.path) if p not in repository.directories), "") if own else ""
    parent, name = posixpath.split(part)
    beside = {posixpath.basename(d) for d in repository.directories if d and posixpath.dirname(d) == parent}
    return bool(part and (slipped(name, beside) or misspelled(name, beside)))


def _own(repository: Repository) -> frozenset[str]:
    """The addresses of this repository."""
    return frozenset(normalize(each.repo_url) for item in repository.applications for each in item.sources if each.here)


def _taken(repository: Repository) -> frozenset[str]:
    """The paths that applications deploy, which no other one was to deploy too."""
    return frozenset(source.path for item in repository.foreseen for source in item.sources if source.here)


def _remedy(repository: Repository, path: str) -> str:
    parent, name = posixpath.split(path)
    beside = {posixpath.basename(d): d for d in repository.directories if posixpath.dirname(d) == parent}
    taken = repository.once(_taken)
    free = [last for last, other in beside.items() if other not in taken or misspelled(name, [last])]
    others = repository.directories if len(repository.directories) < 5000 else frozenset()
    named = [other for other in others if posixpath.basename(other) == name]
    below = [other for other in named if other.endswith(f"/{path}")]  # of what was to become a repository of its own
    alike = [other for other in named if _is_like(path, other)]
    near_by = [last for last in free if _is_meant(name, last) or is_kin(name, last)]
    guess = beside.get(near(name, near_by), "") or (below[0] if len(below) == 1 else near(path, alike, _LIKENESS))
    return f"did you mean {guess!r}?" if guess else "add the directory, or mend the path"


def _is_like(path: str, other: str) -> bool:
    """Tell whether directories above are called nearly alike, and not after two things."""
    pairs = zip(path.split("/"), other.split("/"), strict=False)
    return path.count("/") != other.count("/") or all(one == two or _is_meant(one, two) for one, two in pairs)


def _is_meant(one: str, two: str) -> bool:
    return bool(slipped(one, [two]) or misspelled(one, [two])) or one.startswith(two) or two.startswith(one)
