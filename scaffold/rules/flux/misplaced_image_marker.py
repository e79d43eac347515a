"""An image marker stands behind a value of another form than the one that it would be given.

A marker without a part sets the whole image, `:name` its name, `:tag` its tag and `:digest` its digest. A whole image
in the place of a tag, or a tag in the place of an image, cannot be pulled. In a text of several lines, as a patch may
be, it is no comment: Flux does not see it.

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
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
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
    # apps/pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
      namespace: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.2 # {"$imagepolicy": "flux-system:web:tag"}

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
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
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
    # apps/pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
      namespace: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.2 # {"$imagepolicy": "flux-system:web"}
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Marker, Place, Repository, Severity

ID = "misplaced-image-marker"
SEVERITY = Severity.ERROR
SCOPE = "file"
_PARTS = {"": "an image", "name": "the name of an image", "tag": "a tag", "digest": "a digest"}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every marker that is no marker, and those that do not fit the value before them."""
    for path, file in repository.files.items():
        for marker in file.comments.markers:
            fact = _fact(marker)
            if fact:
                place = Place(path, line=marker.line, column=marker.column)
                yield Finding(place, ID, f"image marker {fact}", subject=f"{marker.policy}:{marker.part}")


def _fact(marker: Marker) -> str:
    if marker.form == "text":
        return (
            "is in a text of several lines, where it is no comment and sets nothing; give the value a line of its own"
        )
    if not marker.policy:
        part = ":tag" if marker.form == "word" else ""
        return f'says no policy; write it as {{"$imagepolicy": "namespace:name{part}"}}'
    if marker.part not in _PARTS:
        return f"names the part {marker.part!r}, which no image has; choose tag, name or digest, or leave it out"
    if marker.part == "tag" and marker.form != "word":
        return f"of {marker.policy!r} sets a tag where an image stands; leave ':tag' out"
    if marker.part == "" and marker.form == "word":
        return f"of {marker.policy!r} sets an image where a tag stands; add ':tag' to the policy"
    return ""
