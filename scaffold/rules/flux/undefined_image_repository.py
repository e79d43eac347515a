"""An ImagePolicy chooses among the tags of an ImageRepository that is not there.

Nothing is chosen, and no marker that names the policy is ever updated.

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
    # images/web.yaml
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImageRepository
    metadata:
      name: web
      namespace: flux-system
    spec:
      image: registry.example.com/web
      interval: 5m
    ---
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImagePolicy
    metadata:
      name: web
      namespace: flux-system
    spec:
      imageRepositoryRef:
        name: website
      policy:
        semver:
          range: 1.x

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
    # images/web.yaml
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImageRepository
    metadata:
      name: web
      namespace: flux-system
    spec:
      image: registry.example.com/web
      interval: 5m
    ---
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
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.flux import partial, presence
from scaffold.model import Finding, Repository, Severity
from scaffold.model.flux import referred

ID = "undefined-image-repository"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every ImagePolicy whose ImageRepository nothing in the cluster makes."""
    for known in presence.of(repository):
        for manifest in known.cluster.of_kinds("ImagePolicy"):
            wanted = referred(manifest, "spec", "imageRepositoryRef", kind="ImageRepository")
            here = wanted.is_literal and not manifest.get("spec", "imageRepositoryRef", "namespace")
            beside = here and not known.has(wanted) and partial.beside(repository, known.cluster, manifest, wanted.kind)
            if known.lacks(wanted) or beside:
                fact = f"ImagePolicy {manifest.name!r} chooses a tag of {wanted}, which is not there"
                place = manifest.place("spec", "imageRepositoryRef", "name")
                yield Finding(
                    place, ID, f"{fact}; {known.remedy(wanted, manifest)}", subject=f"{manifest.name}/{wanted.name}"
                )
