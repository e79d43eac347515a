"""A name is made of a branch, and only branches with a slash pass the generator's filters.

No name, namespace or label may have a slash, so that no application is made for any of them. Argo CD gives
`branch_slug` for pull requests and `branchNormalized` for branches beside `branch` (Argo CD 3.5). Without a filter
that asks for a slash nothing is said, nor where a function changes the name, or the generator has its own template.

Fails:

    # .gitops-scaffold.yaml
    rules:
      not-rendered: off  # a service is asked
    # previews.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: previews
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions:
        - missingkey=error
      generators:
        - pullRequest:
            github:
              owner: shop
              repo: web
            filters:
              - branchMatch: ^feature/
      template:
        metadata:
          name: preview-{{ .branch }}
        spec:
          project: default
          source:
            repoURL: https://git.example.com/shop/web.git
            targetRevision: '{{ .head_sha }}'
            path: deploy
          destination:
            name: in-cluster
            namespace: kube-system

Passes:

    # .gitops-scaffold.yaml
    rules:
      not-rendered: off  # a service is asked
    # previews.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: previews
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions:
        - missingkey=error
      generators:
        - pullRequest:
            github:
              owner: shop
              repo: web
            filters:
              - branchMatch: ^feature/
      template:
        metadata:
          name: preview-{{ .branch_slug }}
        spec:
          project: default
          source:
            repoURL: https://git.example.com/shop/web.git
            targetRevision: '{{ .head_sha }}'
            path: deploy
          destination:
            name: in-cluster
            namespace: kube-system
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.expand.nested import generators
from scaffold.model import Finding, Manifest, Pointer, Repository, Severity, dig, mapping, sequence
from scaffold.model.values import text

ID = "branch-as-a-name"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_SAFE: Mapping[str, str] = {"pullRequest": "branch_slug", "scmProvider": "branchNormalized"}
_BRANCH = re.compile(r"\{\{-?\s*\.?branch\s*-?\}\}")
_TEMPLATE = ("spec", "template")
_NAMES: tuple[Pointer, ...] = (("metadata", "name"), ("spec", "destination", "namespace"))
_REPEATED = frozenset("?*{")  # perhaps not at all


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every name in the template of such a set."""
    for manifest in (item.manifest for item in repository.sets):
        for where, generator in generators(manifest.get("spec", "generators"), ("spec", "generators")):
            for kind in _SAFE.keys() & generator.keys():
                filters, own = (dig(generator, kind, field) for field in ("filters", "template"))
                filters = [] if own else sequence(filters)
                if filters and all(_wants_slash(text(mapping(each).get("branchMatch"))) for each in filters):
                    yield from _findings(manifest, _SAFE[kind], (*where, kind, "filters", 0, "branchMatch"))


def _findings(manifest: Manifest, safe: str, filtered: Pointer) -> Iterator[Finding]:
    for pointer in (*_NAMES, *_labels(mapping(manifest.get(*_TEMPLATE)))):
        value = text(manifest.get(*_TEMPLATE, *pointer))
        if _BRANCH.search(value):
            fact = f"makes {value!r} of branches that all have a slash ({{0}}), which no name or label may have"
            message = f"ApplicationSet {manifest.name!r} {fact}; take {safe!r} for 'branch'"
            place, related = manifest.place(*_TEMPLATE, *pointer), (manifest.place(*filtered),)
            yield Finding(place, ID, message, subject=f"{manifest.name}/{pointer[-1]}", related=related)


def _labels(template: Mapping[str, Any]) -> list[Pointer]:
    return [("metadata", "labels", str(key)) for key in mapping(dig(template, "metadata", "labels"))]


def _wants_slash(pattern: str) -> bool:
    """Tell whether a slash is in all that a regular expression matches, as far as its outermost part tells."""
    found, depth, index = False, 0, 0
    while index < len(pattern):
        sign, after = pattern[index], pattern[index + 1 : index + 2]
        if sign == "|" and not depth:
            return False
        if sign == "[":
            index = _behind(pattern, index)
            continue
        found = found or (not depth and sign == "/" and after not in _REPEATED)
        depth += (sign == "(") - (sign == ")")
        index += 1 if sign != "\\" or after == "/" else len("\\/")
    return found


def _behind(pattern: str, start: int) -> int:
    """Where a class of signs ends, or the pattern."""
    end = pattern.find("]", start + len("[]"))
    return end + 1 if end > 0 else len(pattern)
