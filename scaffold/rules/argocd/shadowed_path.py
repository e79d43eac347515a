"""A git generator finds directories whose parameters another one replaces.

Of two git generators in a matrix that both give `path` the first one's counts in Go templates (Argo CD 3.5,
`applicationset/generators/matrix.go`); directories give nothing else, so it does not matter what the second one finds.
One of the two needs a `pathParamPrefix`. A path without a pattern, which only asks whether a directory is there, and a
generator with `values` pass, and so does one over files, which give what they hold.

Fails:

    # .gitops-scaffold.yaml
    repository: https://git.example.com/shop/deploy.git
    # regions/eu/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: eu
    # apps/web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # set.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: web
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions:
        - missingkey=error
      generators:
        - matrix:
            generators:
              - git:
                  repoURL: https://git.example.com/shop/deploy.git
                  revision: main
                  directories:
                    - path: regions/*
              - git:
                  repoURL: https://git.example.com/shop/deploy.git
                  revision: main
                  directories:
                    - path: apps/*
      template:
        metadata:
          name: '{{ .path.basename }}'
        spec:
          project: default
          source:
            repoURL: https://git.example.com/shop/deploy.git
            targetRevision: main
            path: '{{ .path.path }}'
          destination:
            name: in-cluster
            namespace: kube-system

Passes:

    # .gitops-scaffold.yaml
    repository: https://git.example.com/shop/deploy.git
    # regions/eu/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: eu
    # apps/web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # set.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: web
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions:
        - missingkey=error
      generators:
        - matrix:
            generators:
              - git:
                  repoURL: https://git.example.com/shop/deploy.git
                  revision: main
                  directories:
                    - path: regions/*
                  pathParamPrefix: region
              - git:
                  repoURL: https://git.example.com/shop/deploy.git
                  revision: main
                  directories:
                    - path: apps/*
      template:
        metadata:
          name: '{{ .region.path.basename }}-{{ .path.basename }}'
        spec:
          project: default
          source:
            repoURL: https://git.example.com/shop/deploy.git
            targetRevision: main
            path: '{{ .path.path }}'
          destination:
            name: in-cluster
            namespace: kube-system
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.expand.nested import generators
from scaffold.model import Finding, Repository, Severity, dig, mapping, sequence
from scaffold.model.values import text

ID = "shadowed-path"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_PATTERN = frozenset("*?[{")
_BOTH = 2


def check(repository: Repository) -> Iterator[Finding]:
    """Yield the second generator of every such matrix."""
    for manifest in (item.manifest for item in repository.sets):
        listed = generators(manifest.get("spec", "generators"), ("spec", "generators"))
        for where, generator in listed if manifest.get("spec", "goTemplate") is True else ():
            children = [
                mapping(mapping(child).get("git")) for child in sequence(dig(generator, "matrix", "generators"))
            ]
            if len(children) == _BOTH and _is_shadowed(*children):
                fact = "directories that do not matter, since the git generator before it gives 'path' as well"
                message = f"ApplicationSet {manifest.name!r} looks for {fact}; give one of them a pathParamPrefix"
                place = manifest.place(*where, "matrix", "generators", 1, "git", "directories", at_key=True)
                yield Finding(place, ID, message, subject=manifest.name)


def _is_shadowed(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Tell whether all that the second generator finds is lost, though it looks for several."""
    wanted = (mapping(each) for each in sequence(second.get("directories")))
    several = any(not _PATTERN.isdisjoint(_plain(text(each.get("path")))) for each in wanted if not each.get("exclude"))
    alike = (first.get("pathParamPrefix") or "") == (second.get("pathParamPrefix") or "")
    return bool(first) and several and alike and not second.get("values")


def _plain(path: str) -> str:
    """A path without what is filled in, whose braces are no pattern."""
    return "".join(part.rpartition("}}")[2] for part in path.split("{{"))
