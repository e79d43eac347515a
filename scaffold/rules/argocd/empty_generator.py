"""An ApplicationSet looks into a directory that is not there, and generates nothing.

Argo CD makes no application and says nothing of it; applications that the set made before are deleted, unless its
policy keeps them. Only where a directory at the root is nearly called so is anything said: a set may be there before
what it looks for. The same is said of one path, or of a file, that is a letter off, and of a pattern
that would find something with one other directory, or with the other ending of YAML.

Fails:

    # set.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: teams
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions:
        - missingkey=error
      generators:
        - git:
            repoURL: https://git.example.com/platform/fleet.git
            revision: HEAD
            directories:
              - path: team/*
      template:
        metadata:
          name: "{{ .path.basename }}"
        spec:
          project: default
          source:
            repoURL: https://git.example.com/platform/fleet.git
            targetRevision: HEAD
            path: "{{ .path.path }}"
          destination:
            name: in-cluster
            namespace: "{{ .path.basename }}"
    # root.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: root
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/platform/fleet.git
        targetRevision: HEAD
        path: teams/checkout
      destination:
        name: in-cluster
        namespace: argocd
    # teams/checkout/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # set.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: teams
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions:
        - missingkey=error
      generators:
        - git:
            repoURL: https://git.example.com/platform/fleet.git
            revision: HEAD
            directories:
              - path: teams/*
      template:
        metadata:
          name: "{{ .path.basename }}"
        spec:
          project: default
          source:
            repoURL: https://git.example.com/platform/fleet.git
            targetRevision: HEAD
            path: "{{ .path.path }}"
          destination:
            name: in-cluster
            namespace: "{{ .path.basename }}"
    # root.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: root
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/platform/fleet.git
        targetRevision: HEAD
        path: teams/checkout
      destination:
        name: in-cluster
        namespace: argocd
    # teams/checkout/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.expand import globs
from scaffold.expand.nested import generators
from scaffold.expand.urls import normalize
from scaffold.model import (
    ApplicationSet,
    Confidence,
    Finding,
    Pointer,
    Repository,
    Severity,
    dig,
    mapping,
    sequence,
)
from scaffold.nearest import near, slipped

ID = "empty-generator"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_LIKENESS = 0.8
_PATTERN = frozenset("*?[{")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every set that makes no application, and every path of a set that can only be a slip."""
    roots = [path for path in repository.directories if "/" not in path]
    own = {normalize(source.repo_url) for each in repository.foreseen for source in each.sources if source.here}
    own |= set(map(normalize, repository.conventions.repository_urls))
    for item in repository.sets:
        known = bool(item.names or item.drafts or not item.unverifiable)
        empty = list(_empty(item, roots, repository)) if not (item.names or item.errors or item.unverifiable) else []
        idle = not (item.names or item.errors or item.unverifiable)
        found = empty or (list(_slips(item, own, repository)) if known else [])
        yield from found or (_elsewhere(item, own, repository) if idle else ())


def _empty(item: ApplicationSet, roots: list[str], repository: Repository) -> Iterator[Finding]:
    """A directory at the root that is nearly called so, and that no other set looks into."""
    others = [text for other in repository.sets if other is not item for _, _, text in _patterns(other)]
    for first in dict.fromkeys(text.split("/")[0] for _, _, text in _patterns(item)):
        guess = near(first, roots, _LIKENESS) if first not in roots and _PATTERN.isdisjoint(first) else ""
        if guess and not any(text.startswith(f"{guess}/") for text in others):
            fact = f"ApplicationSet {item.manifest.name!r} generates no application, since {first!r} is not there"
            place = item.manifest.place("spec", "generators", at_key=True)
            yield Finding(place, ID, f"{fact}; did you mean {guess!r}?", SEVERITY, Confidence.MEDIUM, first)


def _elsewhere(item: ApplicationSet, own: set[str], repository: Repository) -> Iterator[Finding]:
    """A pattern of this repository that finds nothing, and would with another directory or ending in one place."""
    looked = [text for other in repository.sets for _, _, text in _patterns(other)]
    for pointer, url, text in _patterns(item):
        paths = repository.paths if "files" in pointer else repository.directories
        if normalize(url) not in own or any(globs.matches(text, path, "/") for path in paths):
            continue
        meant = {other for other in _others(text, repository) if any(globs.matches(other, path, "/") for path in paths)}
        ending = {posixpath.splitext(other)[0] for other in meant} == {posixpath.splitext(text)[0]}
        if len(meant) == 1 and (ending or not meant & set(looked)):
            fact = f"ApplicationSet {item.manifest.name!r} generates no application, since {text!r} matches nothing"
            message = f"{fact}; did you mean {meant.pop()!r}?"
            yield Finding(item.manifest.place(*pointer), ID, message, SEVERITY, Confidence.MEDIUM, text)


def _others(text: str, repository: Repository) -> Iterator[str]:
    """A pattern with another directory for the first one that is not there, or for its end, or the other ending."""
    above, _, last = text.rpartition("/")
    if above and _PATTERN.isdisjoint(last):
        names = {posixpath.basename(d) for d in repository.directories if globs.matches(f"{above}/*", d, "/")}
        yield from (f"{above}/{name}" for name in sorted(names) if slipped(last, [name]))
    if wanted := _missing(text, repository.directories):
        parent = posixpath.dirname(wanted)
        for path in repository.directories:
            if posixpath.dirname(path) == parent:
                yield path + posixpath.normpath(text)[len(wanted) :]
    for one, other in ((".yaml", ".yml"), (".yml", ".yaml"), (".json", ".yaml")):
        if text.endswith(one):
            yield text.removesuffix(one) + other


def _slips(item: ApplicationSet, own: set[str], repository: Repository) -> Iterator[Finding]:
    """A path of this repository that is not there, and with another letter would be one that no other path names."""
    patterns = list(_patterns(item))
    texts = {text for _, _, text in patterns}
    for pointer, url, text in patterns:
        there = repository.paths if "files" in pointer else repository.directories
        wanted = _missing(text, there) if normalize(url) in own else ""
        guess = _beside(wanted, there) if wanted else ""
        meant = posixpath.join(posixpath.dirname(wanted), guess) + posixpath.normpath(text)[len(wanted) :]
        if guess and meant not in texts and not _missing(meant, there):
            fact = f"ApplicationSet {item.manifest.name!r} looks for {text!r}, which is not there"
            place, message = item.manifest.place(*pointer), f"{fact}; did you mean {meant!r}?"
            yield Finding(place, ID, message, SEVERITY, subject=text)


def _beside(wanted: str, there: frozenset[str]) -> str:
    """The name beside one that is not there and that it is a slip of; another ending is none."""
    parent, (stem, ending) = posixpath.dirname(wanted), posixpath.splitext(posixpath.basename(wanted))
    alike = (posixpath.basename(path) for path in there if posixpath.dirname(path) == parent and path.endswith(ending))
    guess = slipped(stem, (name.removesuffix(ending) for name in alike))
    return guess and guess + ending


def _missing(pattern: str, there: frozenset[str]) -> str:
    """The first directory or file of a pattern that is not there, as far as it names them."""
    path = ""
    for part in posixpath.normpath(pattern).split("/"):
        if not _PATTERN.isdisjoint(part):
            break
        path = posixpath.join(path, part)
        if path not in there:
            return path
    return ""


def _patterns(item: ApplicationSet) -> Iterator[tuple[Pointer, str, str]]:
    """The paths that generators of directories and files look for, in combined generators too, with repositories."""
    for where, generator in generators(item.manifest.get("spec", "generators"), ("spec", "generators")):
        yield from _looked_for(mapping(generator.get("git")), (*where, "git"))


def _looked_for(git: Mapping[str, Any], pointer: Pointer) -> Iterator[tuple[Pointer, str, str]]:
    for key in ("directories", "files"):
        for index, entry in enumerate(sequence(git.get(key))):
            if not dig(entry, "exclude"):
                yield (*pointer, key, index, "path"), str(git.get("repoURL") or ""), str(dig(entry, "path"))
