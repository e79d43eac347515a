"""An ImageUpdateAutomation looks for images to update where there is none.

Its path is not in this repository, or no file below it has a marker such as `{"$imagepolicy": "flux-system:web:tag"}`,
while others have; so nothing is ever written there. Where the source is declared in another repository, as for a part
of a cluster, only a path that is a slip of one with markers is reported.

Fails:

    # automation.yaml
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImageUpdateAutomation
    metadata:
      name: staging
      namespace: flux-system
    spec:
      interval: 30m
      sourceRef:
        kind: GitRepository
        name: flux-system
      git:
        commit:
          author:
            email: flux@example.com
      update:
        path: ./apps/production
        strategy: Setters
    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # apps/staging/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      tag: 1.4.2 # {"$imagepolicy": "flux-system:web:tag"}
    # apps/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web-production
      namespace: web
    # policy.yaml
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImagePolicy
    metadata:
      name: web
      namespace: flux-system
    spec:
      imageRepositoryRef:
        name: web
      policy:
        semver:
          range: 1.x
    # repository.yaml
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImageRepository
    metadata:
      name: web
      namespace: flux-system
    spec:
      image: registry.example.com/shop/web
      interval: 5m

Passes:

    # automation.yaml
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImageUpdateAutomation
    metadata:
      name: staging
      namespace: flux-system
    spec:
      interval: 30m
      sourceRef:
        kind: GitRepository
        name: flux-system
      git:
        commit:
          author:
            email: flux@example.com
      update:
        path: ./apps/staging
        strategy: Setters
    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # apps/staging/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      tag: 1.4.2 # {"$imagepolicy": "flux-system:web:tag"}
    # apps/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web-production
      namespace: web
    # policy.yaml
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImagePolicy
    metadata:
      name: web
      namespace: flux-system
    spec:
      imageRepositoryRef:
        name: web
      policy:
        semver:
          range: 1.x
    # repository.yaml
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImageRepository
    metadata:
      name: web
      namespace: flux-system
    spec:
      image: registry.example.com/shop/web
      interval: 5m
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import PurePosixPath

from scaffold.assemble import addresses
from scaffold.model import Finding, FluxCluster, Manifest, Repository, Severity
from scaffold.model.flux import referred
from scaffold.model.values import text
from scaffold.nearest import near

ID = "idle-image-update"
SEVERITY = Severity.WARNING
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every path without a marker of automations that write to this repository."""
    marked = [path for path, file in repository.files.items() if file.comments.markers]
    for cluster in repository.flux:
        for manifest in cluster.of_kinds("ImageUpdateAutomation"):
            path = posixpath.normpath(text(manifest.get("spec", "update", "path")) or ".").lstrip("/")
            there = path in repository.directories
            if path == "." or "${" in path or (there and not marked):
                continue
            if path in marked or any(file.startswith(f"{path}/") for file in marked):
                continue  # a file is read as well (image-automation-controller 1.0, `internal/update/filereader.go`)
            known = {str(parent) for file in marked for parent in PurePosixPath(file).parents} or repository.directories
            guess = near(path, known)
            own = _is_own(repository, cluster, manifest)
            if not own and (own is not None or there or not marked or not guess):
                continue  # of an unknown source, only a slip is sure
            lost = "which has no marker of an image policy" if path in repository.paths else "which is not there"
            fact = "where no file has a marker of an image policy" if there else lost
            message = f"ImageUpdateAutomation {manifest.name!r} updates {path!r}, {fact}"
            remedy = f"did you mean {guess!r}?" if guess else "mend the path"
            place = manifest.place("spec", "update", "path")
            yield Finding(place, ID, f"{message}; {remedy}", SEVERITY, subject=f"{manifest.name}/{path}")


def _is_own(repository: Repository, cluster: FluxCluster, manifest: Manifest) -> bool | None:
    """Tell whether an automation writes to what its cluster begins with, or to a source with this one's address.

    None where the source is declared elsewhere, as for a part of a cluster.
    """
    wanted = referred(manifest, "spec", "sourceRef")
    found = [m for m in cluster.of_kinds("GitRepository") if (m.namespace, m.name) == (wanted.namespace, wanted.name)]
    urls = repository.conventions.repository_urls
    own = wanted == cluster.source or any(addresses.same(text(m.get("spec", "url")), urls) for m in found)
    return own if own or found or cluster.syncs else None
