"""An annotation for Argo CD's image updater is about an image that is not listed, or asks for what it does not know.

Options of one image begin with the alias that `image-list` gives it; under another name nobody reads them. An unknown
strategy is taken for `semver` (argocd-image-updater 1.0). Changes that are written to Git are pushed to the revision
that the Application is taken from, unless `git-branch` names a branch; a tag or a commit is none.

Fails:

    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
      annotations:
        argocd-image-updater.argoproj.io/image-list: web=registry.example.com/shop/web
        argocd-image-updater.argoproj.io/wbe.update-strategy: newest-build
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true

Passes:

    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
      annotations:
        argocd-image-updater.argoproj.io/image-list: web=registry.example.com/shop/web
        argocd-image-updater.argoproj.io/web.update-strategy: newest-build
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.assemble import written
from scaffold.model import Finding, Repository, Severity, is_templated, mapping
from scaffold.model.values import text
from scaffold.nearest import hint

ID = "unread-update-option"
SEVERITY = Severity.WARNING
SCOPE = "file"
_PREFIX = "argocd-image-updater.argoproj.io/"
_LIST = f"{_PREFIX}image-list"
_METHOD, _BRANCH = f"{_PREFIX}write-back-method", f"{_PREFIX}git-branch"
_FIXED = re.compile(r"v?\d+\.\d+\.\d+|[0-9a-f]{40}")  # a tag, a commit
_STRATEGIES = ("alphabetical", "digest", "latest", "name", "newest-build", "semver")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every option of an alias that is none, and every strategy that is none."""
    for item in written.applications(repository):
        held = mapping(item.get("metadata", "annotations"))
        listed = held.get(_LIST)
        if not isinstance(listed, str) or is_templated(listed):
            continue
        aliases = {entry.partition("=")[0].strip() for entry in listed.split(",") if "=" in entry}
        for key, value in held.items():
            alias, dot, option = str(key).removeprefix(_PREFIX).partition(".")
            if not str(key).startswith(_PREFIX) or is_templated(key):
                continue
            if dot and alias not in aliases and aliases:
                fact = f"{item.what} sets {option!r} of image {alias!r}, which {_LIST!r} does not list"
                place = item.at("metadata", "annotations", key, at_key=True)
                yield Finding(place, ID, f"{fact}; {hint(alias, aliases)}", SEVERITY, subject=f"{item.what}/{key}")
            if (option or alias) == "update-strategy" and value not in _STRATEGIES and not is_templated(value):
                fact = f"{item.what} updates by strategy {value!r}, which is unknown"
                place = item.at("metadata", "annotations", key)
                message = f"{fact}; {hint(str(value), _STRATEGIES)}"
                yield Finding(place, ID, message, SEVERITY, subject=f"{item.what}/{value}")
        yield from _pushed(item, held)


def _pushed(item: written.Written, held: Mapping[str, Any]) -> Iterator[Finding]:
    """Changes that are pushed to where the application is taken from, which is a tag or a commit."""
    revision, method = text(item.get("spec", "source", "targetRevision")), text(held.get(_METHOD))
    if method.partition(":")[0] != "git" or _BRANCH in held or item.get("spec", "source", "chart"):
        return
    if _FIXED.fullmatch(revision):
        fact = f"{item.what} has its changes pushed to {revision!r}, from which it is taken and which is no branch"
        place = item.at("metadata", "annotations", _METHOD)
        yield Finding(place, ID, f"{fact}; name a branch by {_BRANCH!r}", SEVERITY, subject=f"{item.what}/{revision}")
