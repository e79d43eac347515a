"""A key of an environment's values can only be a slip: the other environments call it otherwise, and have no such key.

A chart takes no notice of a key that it does not know, so that the environment runs by what the chart or the common
values say. Compared are files that are alike but for the name of the environment in their path, or `values.yaml` and
`values-production.yaml`; the right name stands in at least two of them, or in the `values.yaml` of the chart itself.

Fails:

    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web-production
      namespace: argocd
    spec:
      project: default
      sources:
        - repoURL: https://charts.example.com
          chart: web
          targetRevision: 1.4.2
          helm:
            valueFiles:
              - $values/values/production/web.yaml
        - repoURL: https://git.example.com/shop/deploy.git
          targetRevision: main
          ref: values
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # values/dev/web.yaml
    replicas: 1
    # values/staging/web.yaml
    replicas: 2
    # values/production/web.yaml
    replcias: 4

Passes:

    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web-production
      namespace: argocd
    spec:
      project: default
      sources:
        - repoURL: https://charts.example.com
          chart: web
          targetRevision: 1.4.2
          helm:
            valueFiles:
              - $values/values/production/web.yaml
        - repoURL: https://git.example.com/shop/deploy.git
          targetRevision: main
          ref: values
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # values/dev/web.yaml
    replicas: 1
    # values/staging/web.yaml
    replicas: 2
    # values/production/web.yaml
    replicas: 4
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from scaffold.assemble import ranks, resting
from scaffold.model import Finding, Place, Pointer, Remedy, Repository, Severity, SourceFile
from scaffold.nearest import slipped

ID = "misspelled-value"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_SEVERAL = 2
_OF_CHART = "values.yaml"
_VALUES = re.compile(r"values([-_.][\w.-]+)?\.ya?ml")
_WORD = re.compile(r"[-_.]")
_COMMON = frozenset(("all", "base", "common", "default", "defaults", "global", "shared"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every key of one environment that two others have without the slip."""
    for files in _alike(repository):
        counts = Counter(key for file in files for key in frozenset(file.keys))
        for file in files:
            others = [other for other in files if other is not file]
            for pointer in (key for key in file.keys if counts[key] == 1):
                if guess := _meant(pointer, file, others, repository.charts):
                    yield _finding(file, pointer, guess, next(other for other in others if guess in other.keys))


def _alike(repository: Repository) -> Iterator[list[SourceFile]]:
    """Files of one mapping each whose paths differ by the environment alone, or name none, and those of one chart."""
    groups: dict[str, list[SourceFile]] = {}
    for file in repository.files.values():
        if not resting.OF_PROGRAMS.isdisjoint(file.directory.split("/")):
            continue
        charted = file.directory in repository.charts and _VALUES.fullmatch(file.path.rpartition("/")[2])
        own = charted and not any(map(_is_stage, file.directory.split("/")))  # and not one chart for each environment
        groups.setdefault(f"{file.directory}/values" if own else _shape(file.path), []).append(file)
    yield from groups.values()


def _shape(path: str) -> str:
    """The path without the words that stand for an environment, or for all of them."""
    return "/".join("-".join(word for word in _WORD.split(part) if not _is_stage(word)) for part in path.split("/"))


def _is_stage(word: str) -> bool:
    return word in _COMMON or ranks.rank(word) is not None


def _meant(pointer: Pointer, file: SourceFile, others: list[SourceFile], charts: frozenset[str]) -> Pointer:
    """The key beside that only a slip keeps this one from, which this file lacks; two others have it, or the chart."""
    own = frozenset(file.keys)
    beside = Counter(k for other in others for k in other.keys if k[:-1] == pointer[:-1] and k not in own)
    told = (other for other in others if other.directory in charts and other.path.rpartition("/")[2] == _OF_CHART)
    chart = {key for other in told for key in other.keys}
    names = {str(key[-1]) for key, count in beside.items() if count >= _SEVERAL or key in chart}
    guess = slipped(str(pointer[-1]), names)
    return (*pointer[:-1], guess) if guess else ()


def _finding(file: SourceFile, pointer: Pointer, guess: Pointer, other: SourceFile) -> Finding:
    was, meant = str(pointer[-1]), str(guess[-1])
    place = Place(file.path, pointer=pointer, at_key=True)
    there = Place(other.path, pointer=guess, at_key=True)
    fact = f"key {was!r} is in no other environment's values, where {{0}} has {meant!r}"
    message, subject = f"{fact}; did you mean {meant!r}?", ".".join(map(str, pointer))
    return Finding(place, ID, message, SEVERITY, subject=subject, related=(there,), remedy=Remedy(was, meant))
