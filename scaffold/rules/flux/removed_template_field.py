"""The message of an image update reads a field that there is no more.

With the version `v1` of ImageUpdateAutomation `.Updated` and `.Changed.ImageResult` are gone (Flux 2.7, that is
image-automation-controller 1.0): the template fails, and nothing is pushed.

Fails:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: images
      namespace: flux-system
    spec:
      interval: 10m
      path: ./images
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # images/update.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: fleet
      namespace: flux-system
    spec:
      interval: 5m
      url: https://git.example.com/fleet.git
      ref:
        branch: main
    ---
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImageUpdateAutomation
    metadata:
      name: images
      namespace: flux-system
    spec:
      interval: 30m
      sourceRef:
        kind: GitRepository
        name: fleet
      git:
        commit:
          author:
            email: images@example.com
          messageTemplate: 'update {{ range .Updated.Images }}{{ . }} {{ end }}'

Passes:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: images
      namespace: flux-system
    spec:
      interval: 10m
      path: ./images
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # images/update.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: fleet
      namespace: flux-system
    spec:
      interval: 5m
      url: https://git.example.com/fleet.git
      ref:
        branch: main
    ---
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImageUpdateAutomation
    metadata:
      name: images
      namespace: flux-system
    spec:
      interval: 30m
      sourceRef:
        kind: GitRepository
        name: fleet
      git:
        commit:
          author:
            email: images@example.com
          messageTemplate: 'update {{ range .Changed.Changes }}{{ .NewValue }} {{ end }}'
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold import parse
from scaffold.model import Finding, Repository, Severity
from scaffold.model.values import text

ID = "removed-template-field"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_API = "image.toolkit.fluxcd.io/v1"
_MESSAGE = ("spec", "git", "commit", "messageTemplate")
_COMMENT = re.compile(r"-?\s*/\*")
_REMOVED = re.compile(r"(?<![\w)\]])\$?(\.Updated(?=\.(?:Files|Images|Objects)\b)|\.Changed\.ImageResult\b)")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such automation of a cluster; an older version of the kind may be read by an older controller."""
    for cluster in repository.flux:
        for manifest in cluster.of_kinds("ImageUpdateAutomation"):
            if manifest.api_version == _API and (field := _removed(text(manifest.get(*_MESSAGE)))):
                fact = f"ImageUpdateAutomation {manifest.name!r} reads {field!r} in its message, which was removed"
                message = f"{fact}, so nothing is pushed; read '.Changed.Changes' or '.Changed.Objects'"
                yield Finding(manifest.place(*_MESSAGE), ID, message, SEVERITY, subject=f"{manifest.name}/{field}")


def _removed(template: str) -> str:
    found = (_REMOVED.search(action) for action in parse.actions(template) if not _COMMENT.match(action))
    return next((each[1] for each in found if each), "")
