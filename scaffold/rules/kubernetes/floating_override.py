"""An Application, or a HelmRelease, sets an image to the tag `latest`.

What runs depends on when a node pulled it, and a rollback does not roll back. Looked at is what overrides an image
where nothing is rendered here: a revision of its own, or a chart from elsewhere.

Fails:

    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/web.git
        targetRevision: v1.4.2
        path: deploy
        kustomize:
          images:
            - registry.example.com/web:latest
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
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/web.git
        targetRevision: v1.4.2
        path: deploy
        kustomize:
          images:
            - registry.example.com/web:1.4.2
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.assemble import written
from scaffold.model import Finding, Place, Pointer, Repository, Severity, dig, mapping, sequence
from scaffold.model.images import Image
from scaffold.model.values import text

ID = "floating-override"
SEVERITY = Severity.WARNING
SCOPE = "file"
_RELEASE = "helm.toolkit.fluxcd.io/HelmRelease"
_FLOATING = "latest"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every image of an Application, and every one in values for a chart from elsewhere."""
    for item in written.applications(repository):
        for pointer, source in item.sources():
            for index, image in enumerate(sequence(mapping(source.get("kustomize")).get("images"))):
                if _floats(text(image).rpartition("=")[2]):
                    yield _finding(item.what, item.at(*pointer, "kustomize", "images", index), text(image))
            if source.get("chart"):
                where = (*pointer, "helm", "valuesObject")
                for inner, image in _images(mapping(item.get(*where)), where):
                    yield _finding(item.what, item.at(*inner), image)
    for manifest in written.manifests(repository, _RELEASE):
        kind = dig(manifest.data, "spec", "chart", "spec", "sourceRef", "kind")
        for inner, image in _images(mapping(manifest.get("spec", "values")), ("spec", "values")):
            if kind not in ("GitRepository", "Bucket"):
                yield _finding(f"HelmRelease {manifest.name!r}", manifest.place(*inner), image)


def _images(values: Mapping[str, Any], where: Pointer) -> Iterator[tuple[Pointer, str]]:
    """Where values say the tag of an image that they name, in one word or in two, or that other values name."""
    name, tag = text(values.get("repository")), text(values.get("tag"))
    if (name or where[-1] == "image") and tag == _FLOATING and not values.get("digest"):
        yield (*where, "tag"), f"{name}:{tag}" if name else ""
    if _floats(text(values.get("image"))):
        yield (*where, "image"), text(values["image"])
    for key, value in values.items():
        for part, inner in enumerate(value) if isinstance(value, list) else ((None, value),):
            below = (*where, key) if part is None else (*where, key, part)
            yield from _images(mapping(inner), below)


def _floats(image: str) -> bool:
    found = Image.of(image)
    return found.tag == _FLOATING and not found.digest


def _finding(what: str, place: Place, image: str) -> Finding:
    named = f"image {image!r}" if image else f"an image to tag {_FLOATING!r}"
    message = f"{what} sets {named}, which floats; pin it to a version tag or a digest"
    return Finding(place, ID, message, SEVERITY, subject=f"{what}/{image}")
