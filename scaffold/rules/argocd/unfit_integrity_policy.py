"""A policy of `sourceIntegrity` is one of several for a repository, or all are for none that the project uses.

With several policies for one repository Argo CD refuses every revision of it; a repository with none is not verified at
all, and nothing says so (3.5). Whether policies are for none is told where all applications of the project are known,
and no pattern that begins with an exclamation mark leaves their repositories out.

Fails:

    # shop.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: shop
      namespace: argocd
    spec:
      sourceRepos:
        - https://git.example.com/shop/deploy.git
      destinations:
        - name: in-cluster
          namespace: kube-system
      sourceIntegrity:
        git:
          policies:
            - repos:
                - url: https://git.example.com/shop/deploy.git
              gpg:
                mode: head
                keys: [4AEE18F83AFDEB23]
            - repos:
                - url: https://git.example.com/shop/*
              gpg:
                mode: strict
                keys: [4AEE18F83AFDEB23]

Passes:

    # shop.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: shop
      namespace: argocd
    spec:
      sourceRepos:
        - https://git.example.com/shop/deploy.git
      destinations:
        - name: in-cluster
          namespace: kube-system
      sourceIntegrity:
        git:
          policies:
            - repos:
                - url: https://git.example.com/shop/deploy.git
              gpg:
                mode: head
                keys: [4AEE18F83AFDEB23]
            - repos:
                - url: https://git.example.com/shop/charts*
              gpg:
                mode: strict
                keys: [4AEE18F83AFDEB23]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.assemble import projects
from scaffold.expand import globs
from scaffold.model import Confidence, Finding, Manifest, Repository, Severity, dig, is_templated, is_variable, sequence
from scaffold.model.values import text

ID = "unfit-integrity-policy"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_POLICIES = ("spec", "sourceIntegrity", "git", "policies")
_PATTERN = frozenset("*?[{\\!")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every second policy for a repository, and every policy of a project that verifies none."""
    for project in projects.every(repository):
        policies = sequence(project.get(*_POLICIES))
        used = _used(repository, project.name) if policies else set()
        known = used | {url for policy in policies for url in _urls(policy) if _PATTERN.isdisjoint(url)}
        yield from _clashes(project, policies, sorted(known))
        verified = any(_matches(policy, url) for policy in policies for url in used)
        meant = [url for url in sorted(used) if not any(_denies(policy, url) for policy in policies)]
        if meant and not verified and not _is_open(repository, project.name):
            yield from _idle(project, policies, meant)


def _used(repository: Repository, project: str) -> set[str]:
    """The repositories of Git that applications of a project take."""
    own = (item for item in repository.applications if item.project == project)
    urls = {source.repo_url for item in own for source in item.sources if not source.chart}
    return {url for url in urls if url and not is_variable(url) and not is_templated(url) and url[:6] != "oci://"}


def _is_open(repository: Repository, project: str) -> bool:
    """Tell whether a project may have applications that are not known."""
    unknown = [
        draft for item in repository.sets if item.unverifiable or item.errors for draft in item.drafts or (None,)
    ]
    return any(draft is None or is_templated(draft.project) or draft.project == project for draft in unknown)


def _urls(policy: Mapping[str, Any]) -> list[str]:
    return [text(dig(entry, "url")) for entry in sequence(dig(policy, "repos"))]


def _matches(policy: Mapping[str, Any], url: str) -> bool:
    """Tell whether a policy is for a repository: an entry matches, and none that begins with an exclamation mark."""
    return not _denies(policy, url) and any(globs.matches(each, url) for each in _urls(policy) if each[:1] != "!")


def _denies(policy: Mapping[str, Any], url: str) -> bool:
    return any(globs.matches(each[1:], url) for each in _urls(policy) if each[:1] == "!")


def _clashes(project: Manifest, policies: list[Any], known: list[str]) -> Iterator[Finding]:
    seen = set()
    for url in known:
        fitting = [index for index, policy in enumerate(policies) if _matches(policy, url)]
        if len(fitting) > 1 and fitting[1] not in seen:
            seen.add(fitting[1])
            first, second = (project.place(*_POLICIES, index, "repos", 0) for index in fitting[:2])
            fact = f"integrity policy of project {project.name!r} is the second one for {url!r}, as {{0}} is for it too"
            message = f"{fact}, so that Argo CD refuses every revision; leave it to one of them"
            yield Finding(second, ID, message, subject=f"{project.name}/{url}", related=(first,))


def _idle(project: Manifest, policies: list[Any], meant: list[str]) -> Iterator[Finding]:
    for index, policy in enumerate(policies):
        if _urls(policy):
            patterns = ", ".join(map(repr, _urls(policy)))
            fact = (
                f"integrity policy of project {project.name!r} is for {patterns}, which none of its applications takes"
            )
            message = f"{fact}, so nothing is verified by it; name their repository, such as {meant[0]!r}"
            place = project.place(*_POLICIES, index, "repos", 0)
            subject = f"{project.name}/{patterns}"
            yield Finding(place, ID, message, Severity.WARNING, Confidence.MEDIUM, subject=subject)
