"""Two classes of one kind are the default of a cluster, which has one.

The API server refuses the second PriorityClass with `globalDefault`. Of two StorageClasses or IngressClasses it gives
the one that was made last to what names none (Kubernetes 1.37). Judged are the classes of one overlay, and of one file
where no engine says that all files of a directory are applied. `storageclass.beta.kubernetes.io/is-default-class`
counts too.

Fails:

    # classes.yaml
    apiVersion: scheduling.k8s.io/v1
    kind: PriorityClass
    metadata:
      name: shop
    value: 1000
    globalDefault: true
    ---
    apiVersion: scheduling.k8s.io/v1
    kind: PriorityClass
    metadata:
      name: checkout
    value: 100000
    globalDefault: true

Passes:

    # classes.yaml
    apiVersion: scheduling.k8s.io/v1
    kind: PriorityClass
    metadata:
      name: shop
    value: 1000
    globalDefault: true
    ---
    apiVersion: scheduling.k8s.io/v1
    kind: PriorityClass
    metadata:
      name: checkout
    value: 100000
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scaffold.model import Finding, How, Manifest, Overlay, Pointer, Repository, Severity

ID = "second-default"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_INGRESS = "ingressclass.kubernetes.io/is-default-class"
_STORAGE = "storageclass.kubernetes.io/is-default-class"
_OLD_STORAGE = "storageclass.beta.kubernetes.io/is-default-class"


class _Kind(NamedTuple):
    fields: tuple[Pointer, ...]
    effect: str
    severity: Severity


_KINDS: Mapping[str, _Kind] = {
    "networking.k8s.io/IngressClass": _Kind(
        (("metadata", "annotations", _INGRESS),),
        "so an Ingress without a class gets the one that was made last",
        Severity.WARNING,
    ),
    "scheduling.k8s.io/PriorityClass": _Kind(
        (("globalDefault",),), "so the API server refuses the second", Severity.ERROR
    ),
    "storage.k8s.io/StorageClass": _Kind(
        (("metadata", "annotations", _STORAGE), ("metadata", "annotations", _OLD_STORAGE)),
        "so a claim without a class gets the one that was made last",
        Severity.WARNING,
    ),
}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every default but the first of its kind in an overlay."""
    for overlay in repository.overlays.values():
        for name, kind in _KINDS.items():
            yield from _several(overlay, name, kind)


def _several(overlay: Overlay, name: str, kind: _Kind) -> Iterator[Finding]:
    found = [(item, field) for item in overlay.of(name) if (field := _default(item, kind))]
    for manifest, field in found[1:]:
        first = found[0][0]
        together = overlay.how is not How.PLAIN or overlay.verbatim or manifest.path == first.path
        if manifest.name != first.name and together:
            fact = f"{manifest.kind} {manifest.name!r} is the default, as {first.name!r} is ({{0}})"
            message = f"{fact}, {kind.effect}; leave one of the two"
            related = (first.place(*found[0][1]),)
            yield Finding(manifest.place(*field), ID, message, kind.severity, related=related)


def _default(manifest: Manifest, kind: _Kind) -> Pointer:
    """The field that makes an object the default, if any does."""
    return next((field for field in kind.fields if manifest.get(*field) in (True, "true")), ())
