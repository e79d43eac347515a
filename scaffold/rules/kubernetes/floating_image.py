"""A container's image names no build: it has no tag, or the tag `latest`, and no digest.

What runs depends on when a node pulled it; the same commit gives two different deployments, and a rollback does not
roll back. A registry's port is no tag. An image stream within the cluster, as OpenShift has them, is left out, and so
are images whose versions Argo CD's image updater sets.

Fails:

    # pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com:5000/web

Passes:

    # pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com:5000/web:1.4.2
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.model import Finding, Image, Repository, Severity, is_variable

ID = "floating-image"
SEVERITY = Severity.WARNING
SCOPE = "overlay"
_TO_FILL_IN = re.compile(r"<[\w -]+>")
# Istio puts its own in the place of `auto`. An image stream of OpenShift has tags of its own, and ko builds what an
# import path of Go names.
_OTHERS = re.compile(r"auto\Z|[\w.-]+\.svc(?:\.cluster\.local)?(?::\d+)?/|ko://|github\.com/")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every rendered container whose image floats."""
    for _, manifest in repository.rendered():
        for pointer, container in manifest.containers():
            image = container.get("image")
            if isinstance(image, str) and image and not (_is_pinned(image) or _is_updated(repository, image)):
                message = (
                    f"{manifest.named(container)} runs {image!r}, which floats; pin it to a version tag or a digest"
                )
                yield Finding(manifest.place(*pointer, "image"), ID, message, SEVERITY)


def _is_updated(repository: Repository, image: str) -> bool:
    """Tell whether the image updater sets the version, which is then another one than the one that is written."""
    return any(Image.of(image).is_same(name) for name in repository.conventions.updated)


def _is_pinned(image: str) -> bool:
    name, _, digest = image.partition("@")
    if digest or _OTHERS.match(name) or _TO_FILL_IN.search(name):
        return True
    tag = name.rpartition("/")[2].partition(":")[2]
    return tag != "latest" and (bool(tag) or is_variable(name))  # which may give the tag, too
