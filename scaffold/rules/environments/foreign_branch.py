"""An application of one environment follows the branch of an earlier one.

Where each environment has a branch, as `env/staging` and `env/production`, and another application of the environment
follows its own one, what is merged for the earlier environment is at once in this one, too. The environment is that of
the application's name, or of the directory of its file, or of the one that its generator read; where these differ,
nothing is said.

Fails:

    # argocd/production/web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/workloads.git
        targetRevision: env/production
        path: web
      destination:
        server: https://eu.example.com
        namespace: web
    # argocd/production/cart.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: cart
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/workloads.git
        targetRevision: env/staging
        path: cart
      destination:
        server: https://eu.example.com
        namespace: cart
    # argocd/staging/web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/workloads.git
        targetRevision: env/staging
        path: web
      destination:
        server: https://staging.example.com
        namespace: web

Passes:

    # argocd/production/web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/workloads.git
        targetRevision: env/production
        path: web
      destination:
        server: https://eu.example.com
        namespace: web
    # argocd/staging/web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/workloads.git
        targetRevision: env/staging
        path: web
      destination:
        server: https://staging.example.com
        namespace: web
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from scaffold.assemble import ranks
from scaffold.expand.sources import used_sources
from scaffold.expand.urls import normalize
from scaffold.model import Application, Confidence, Finding, Place, Pointer, Repository, Severity, dig, sequence
from scaffold.model.values import text

ID = "foreign-branch"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_PARAMETER = re.compile(r"\{\{-?\s*\.?(\w+(?:\.\w+)*)\s*-?\}\}")


class _Use(NamedTuple):
    """An application of an environment that follows the branch of one, each with its stage in the usual order."""

    application: Application
    pointer: Pointer
    repository: str
    environment: str
    stage: int
    branch: str
    branch_stage: int


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every branch of an earlier environment, where that one follows it, and others here their own."""
    uses = list(_uses(repository))
    proper = {(use.repository, use.stage): use for use in uses if use.stage == use.branch_stage}
    seen = set()
    for use in uses:
        own, other = (proper.get((use.repository, stage)) for stage in (use.stage, use.branch_stage))
        if use.branch_stage < use.stage and own and other and other.branch == use.branch:
            place = _place(repository, use)
            fact = f"application {use.application.name!r} of environment {use.environment!r} follows {use.branch!r}"
            message = f"{fact}, while {own.application.name!r} ({{0}}) follows {own.branch!r}; did you mean that?"
            if place not in seen:
                seen.add(place)
                subject, related = use.application.name, (_place(repository, own),)
                yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject, related)


def _uses(repository: Repository) -> Iterator[_Use]:
    known = ranks.known(repository.directories)
    for application in repository.applications:
        environment = _environment(application, known)
        stage = ranks.rank(environment)
        if stage is None:
            continue
        for pointer, source in used_sources(application.data):
            url, branch = (text(source.get(field)) for field in ("repoURL", "targetRevision"))
            branch_stage = ranks.rank(branch.rpartition("/")[2])
            if branch_stage is not None and not source.get("chart"):
                yield _Use(application, pointer, normalize(url), environment, stage, branch, branch_stage)


def _environment(application: Application, known: frozenset[str]) -> str:
    """The environment, where all that tells one tells the same."""
    paths = (posixpath.dirname(path) for path in (application.read, application.place.path))
    told = {ranks.word(application.name, known), *(ranks.part(path, known) for path in paths)} - {""}
    return next(iter(told)) if len(told) == 1 else ""


def _place(repository: Repository, use: _Use) -> Place:
    """Where the branch is written: in the file that a git generator read, or in the source."""
    where, application = (*use.pointer, "targetRevision"), use.application
    for manifest in (item.manifest for item in repository.sets) if application.read in repository.paths else ():
        if (manifest.path, manifest.document) == (application.place.path, application.place.document):
            named = _PARAMETER.fullmatch(text(manifest.get("spec", "template", *where)))
            plain = all(dig(each, "git", "files") for each in sequence(manifest.get("spec", "generators")))
            if named and plain and not named[1].startswith("values."):
                return Place(application.read, 0, tuple(named[1].split(".")))
    return application.at(*where)
