"""An annotation is called nearly like one of Argo CD's or Flux's, and nothing reads it.

An object may have any annotation, so that a slip in a key is refused by nobody: the wave, the hook or the subscription
is as if it were not there (Argo CD 3.5, Flux 2.9).

Fails:

    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      annotations:
        argocd.argoproj.io/sync-waves: '1'
    data: {}

Passes:

    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      annotations:
        argocd.argoproj.io/sync-wave: '1'
    data: {}
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.assemble import written
from scaffold.discover import KUSTOMIZATION_NAMES
from scaffold.model import Finding, Manifest, Pointer, Remedy, Repository, Severity, mapping, sequence
from scaffold.nearest import misspelled, slipped

ID = "unread-annotation"
SEVERITY = Severity.ERROR
SCOPE = "file"
_ARGOCD, _NOTIFIED = "argocd.argoproj.io", "notifications.argoproj.io"
_UPDATER, _FLUX = "argocd-image-updater.argoproj.io", "kustomize.toolkit.fluxcd.io"
_NAMES = {
    _ARGOCD: (
        *("compare-options", "hook", "hook-delete-policy", "hydrate", "ignore-default-links", "ignore-healthcheck"),
        *("ignore-resource-updates", "installation-id", "kubernetes-version", "managed-by-url"),
        *("manifest-generate-paths", "refresh", "skip-reconcile", "sync-options", "sync-wave", "tracking-id"),
        *("application-set-refresh", "auto-label-cluster-info", "client-side-apply-migration-manager", "secret-type"),
    ),
    _FLUX: ("decrypt", "force", "prune", "reconcile", "ssa", "substitute"),
}
_SUBSCRIBED = "subscribe."
_HOLDERS: tuple[Pointer, ...] = (
    ("metadata", "annotations"),
    ("spec", "template", "metadata", "annotations"),
    ("spec", "commonMetadata", "annotations"),
    ("commonAnnotations",),
    ("generatorOptions", "annotations"),
)
_GENERATORS = ("configMapGenerator", "secretGenerator")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every key that can only be a slip of a known one, wherever annotations are written."""
    for manifest in (*written.manifests(repository), *_kustomizations(repository)):
        for where, held in _held(manifest):
            for key in map(str, held):
                if meant := _meant(key):
                    yield _finding(manifest, (*where, key), key, meant)


def _kustomizations(repository: Repository) -> Iterator[Manifest]:
    """Those that do not say their kind."""
    for file in repository.files.values():
        if posixpath.basename(file.path) in KUSTOMIZATION_NAMES and not any(file.manifests()) and file.documents:
            yield Manifest({"kind": "Kustomization", **mapping(file.documents[0])}, file.path)


def _held(manifest: Manifest) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
    """The annotations of an object, of what its template makes, and of what kustomize or Flux makes."""
    generators = [(field, i, "options") for field in _GENERATORS for i, _ in enumerate(sequence(manifest.get(field)))]
    for within in (*_HOLDERS, *((*generator, "annotations") for generator in generators)):
        yield within, mapping(manifest.get(*within))


def _finding(manifest: Manifest, where: Pointer, key: str, meant: str) -> Finding:
    holder = f"{manifest.kind} {manifest.name!r}" if manifest.name else manifest.kind
    fact = f"{holder} has annotation {key!r}, which nothing reads"
    place = manifest.place(*where, at_key=True)
    subject, remedy = f"{manifest.name}/{key}", Remedy(key, meant)
    return Finding(place, ID, f"{fact}; did you mean {meant!r}?", SEVERITY, subject=subject, remedy=remedy)


def _meant(key: str) -> str:
    """The key that was meant, or nothing: of a known prefix another name, or of a known name another prefix."""
    prefix, _, name = key.partition("/")
    if prefix in _NAMES:
        known = _NAMES[prefix]
        guess = "" if name in known else misspelled(name, known) or _dashed(name, known) or slipped(name, known)
        return f"{prefix}/{guess}" if guess else ""
    if name.startswith(_SUBSCRIBED):
        return f"{_NOTIFIED}/{name}" if prefix != _NOTIFIED and prefix.endswith((".argoproj.io", "argocd.io")) else ""
    owners = [known for known, names in _NAMES.items() if name in names and _is_near(prefix, known)]
    updater = name.endswith(".update-strategy") or name == "image-list"
    near_updater = updater and prefix != _UPDATER and slipped(prefix, (_UPDATER,))
    return f"{owners[0]}/{name}" if owners else f"{_UPDATER}/{name}" if near_updater else ""


def _dashed(name: str, names: tuple[str, ...]) -> str:
    """The same letters with dashes elsewhere, or with capitals: `syncwave`, `syncWave`."""
    plain = name.replace("-", "").replace("_", "").lower()
    return next((each for each in names if each.replace("-", "") == plain), "")


def _is_near(prefix: str, known: str) -> bool:
    """Tell whether a prefix is a slip of one, or one without a part of it."""
    parts = known.split(".")
    shorter = (".".join((*parts[:i], *parts[i + 1 :])) for i, _ in enumerate(parts))
    return ("." in prefix and prefix in shorter) or bool(misspelled(prefix, (known,)) or slipped(prefix, (known,)))
