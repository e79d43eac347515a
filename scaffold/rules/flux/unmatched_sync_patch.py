"""A patch of a Kustomization of Flux is for an object that is not there, or for an image that nothing has.

What a Kustomization says in `patches` and `patchesJson6902` is added to the kustomization of its directory
(kustomize-controller 1.9), and Kustomize says nothing about a `target` that matches no object: the Kustomization is
ready, and the patch is as if it were not there. Only targets with a name are looked at, since one without speaks of
whatever there will be, those of a version that none of the objects of their group and kind has, and those with a label
that objects have there, but none of the target's kind. A patch that one above gives to several Kustomizations is told
only where it matches in none of them.

Fails:

    # sync.yaml
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
      patches:
        - target:
            kind: ConfigMap
            name: wbe
          patch: |
            - op: add
              path: /data/mode
              value: fast
    ---
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 5m
      url: https://git.example.com/platform/fleet.git
      ref:
        branch: main
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: slow

Passes:

    # sync.yaml
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
      patches:
        - target:
            kind: ConfigMap
            name: web
          patch: |
            - op: add
              path: /data/mode
              value: fast
    ---
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 5m
      url: https://git.example.com/platform/fleet.git
      ref:
        branch: main
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: slow
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold import schemas
from scaffold.assemble import layers, patched
from scaffold.assemble.flux import handed
from scaffold.model import (
    Finding,
    Head,
    Manifest,
    Overlay,
    Pointer,
    Repository,
    Severity,
    Sync,
    mapping,
    sequence,
)
from scaffold.model.values import text
from scaffold.nearest import near
from scaffold.rules import targets

ID = "unmatched-sync-patch"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_CONTROLLERS = (
    *("helm-controller", "image-automation-controller", "image-reflector-controller", "kustomize-controller"),
    *("notification-controller", "source-controller", "source-watcher"),
)
_ALIKE = 0.75  # of 1, as `kustomization-controller` is like `kustomize-controller`
_ANY = (".*", ".+")
_EQUAL = re.compile(r"\s*([\w./-]+)\s*==?\s*([\w.-]+)\s*")
_PLAIN = re.compile("[a-z-]+")  # no expression


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such patch once; a directory whose objects cannot be known from files is left alone."""
    known: layers.Known = {}
    for cluster in repository.flux:
        for instance in cluster.of_kinds("FluxInstance"):
            yield from _of_instance(instance)
    seen = set()
    hidden = {overlay.build.whole for overlay in repository.overlays.values() if overlay.build}
    syncs = (sync for cluster in repository.flux for sync in cluster.syncs)
    for sync in (sync for sync in syncs if sync.overlay not in hidden):
        overlay = repository.built(sync)
        for finding in _of_sync(repository, sync.manifest, overlay, known) if overlay else ():
            if finding.place not in seen:
                seen.add(finding.place)
                yield finding
        whole = overlay if overlay and not (overlay.error or overlay.skipped or overlay.partial) else None
        for finding in _images(sync.manifest, whole) if whole else ():
            if finding.place not in seen:
                seen.add(finding.place)
                yield finding


def _of_instance(instance: Manifest) -> Iterator[Finding]:
    """The patches of a FluxInstance for what is nearly called as one of Flux's controllers is."""
    for index, entry in enumerate(map(mapping, sequence(instance.get("spec", "kustomize", "patches")))):
        target = mapping(entry.get("target"))
        name = text(target.get("name"))
        guess = near(name, _CONTROLLERS, _ALIKE) if target.get("kind") == "Deployment" else ""
        if guess and name not in _CONTROLLERS and _PLAIN.fullmatch(name):
            fact = f"FluxInstance {instance.name!r}, patch target name {name!r} is no controller of Flux"
            place = instance.place("spec", "kustomize", "patches", index, "target", "name")
            message = f"{fact}, so the patch does nothing; did you mean {guess!r}?"
            yield Finding(place, ID, message, Severity.WARNING, subject=f"{instance.name}/{name}")


def _images(sync: Manifest, overlay: Overlay) -> Iterator[Finding]:
    """The images that a Kustomization sets for none; in objects that are not Kubernetes' own there may be others."""
    known = {image for item in overlay.objects for image in item.images}
    if not known or not all(schemas.is_builtin(item.identity.group) for item in overlay.objects):
        return
    for index, entry in enumerate(map(mapping, sequence(sync.get("spec", "images")))):
        name, becomes = text(entry.get("name")), text(entry.get("newName"))
        if name and name not in known and becomes not in known and "${" not in f"{name}{becomes}":
            guess = near(name, known)
            remedy = f"did you mean {guess!r}?" if guess else "mend the name, or remove the entry"
            fact = f"Kustomization {sync.name!r} sets image {name!r}, which no container of {overlay.path!r} has"
            place = sync.place("spec", "images", index, "name")
            yield Finding(place, ID, f"{fact}; {remedy}", subject=f"{sync.name}/{name}")


def _of_sync(repository: Repository, sync: Manifest, overlay: Overlay, known: layers.Known) -> Iterator[Finding]:
    named, labelled = list(_targets(sync)), list(_labels(sync))
    if not (named or labelled) or not overlay.build or sequence(sync.get("spec", "components")):
        return
    layer = layers.built(repository, overlay.path, overlay.build.listed, known)
    if layer is None:
        return
    for pointer, target in named:
        if _is_for_any(target, layer) or any(layers.fits(target, candidate) for candidate in layer):
            continue
        others = handed.others(repository, sync, sync.get(*pointer[:-1]))
        if any(_name(other.manifest) < _name(sync) for other in others):
            continue  # of which it is told
        seen = _all_see(repository, others, layer, known)
        if seen is not None and not any(layers.fits(target, candidate) for candidate in seen):
            what, more = targets.shown(target), ", nor of any other that is given it" if others else ""
            fact = f"Kustomization {sync.name!r}, patch target {what} matches no object of {overlay.path!r}{more}"
            message = f"{fact}, so the patch does nothing; {targets.remedy(target, seen)}"
            yield Finding(sync.place(*pointer), ID, message, subject=f"{sync.name}/{what}")
    for index, target, label in labelled:
        if handed.others(repository, sync, sync.get("spec", "patches", index)):
            continue
        having = [candidate.head for candidate in layer if label in candidate.head.labels]
        fitting = [candidate.head for candidate in layer if layers.fits(target, candidate)]
        idle = having and fitting and not any(label in head.labels for head in fitting)
        if idle and not _gives(repository, sync, overlay, label[0]):
            yield _unlabelled(sync, index, target, "=".join(label), having[0], fitting)


def _name(sync: Manifest) -> tuple[str, str]:
    return sync.namespace, sync.name


def _all_see(
    repository: Repository, others: tuple[Sync, ...], layer: list[layers.Candidate], known: layers.Known
) -> list[layers.Candidate] | None:
    """What a patch may match in any Kustomization that is given it; None where that of one cannot be known."""
    seen = list(layer)
    for other in others:
        overlay = repository.built(other)
        listed = overlay.build.listed if overlay and overlay.build else None
        found = layers.built(repository, overlay.path, listed, known) if overlay else None
        if found is None:
            return None
        seen += found
    return seen


def _is_for_any(target: Mapping[str, Any], layer: list[layers.Candidate]) -> bool:
    """Tell a patch for whatever there is of a kind that is spelled well, as each of many Kustomizations is given."""
    if not target.get("name"):
        return not _is_of_another_version(target, layer)
    return target["name"] in _ANY and bool(schemas.groups(text(target.get("kind"))))


def _is_of_another_version(target: Mapping[str, Any], layer: list[layers.Candidate]) -> bool:
    """Tell whether objects of the group and kind that a target names are there, and none of the version."""
    found = targets.meant(target, layer) if target.get("group") and target.get("kind") else None
    return found is not None and found[0] == "version"


def _unlabelled(
    sync: Manifest, index: int, target: Mapping[str, Any], label: str, having: Head, fitting: list[Head]
) -> Finding:
    what = f"patch target {targets.shown(target)} with label {label}"
    fact = f"Kustomization {sync.name!r}, {what} matches no object, as {having.kind} {having.name!r} has that label"
    remedy = f"did you mean name {fitting[0].name!r}?" if len(fitting) == 1 else "name the objects"
    place = sync.place("spec", "patches", index, "target", "labelSelector")
    message = f"{fact}, and the patch does nothing; {remedy}"
    return Finding(place, ID, message, SEVERITY, subject=f"{sync.name}/{what}")


def _labels(sync: Manifest) -> Iterator[tuple[int, Mapping[str, Any], tuple[str, str]]]:
    """The targets of one kind that ask for one label by its value, where no other patch asks other kinds for it."""
    entries = [mapping(mapping(entry).get("target")) for entry in sequence(sync.get("spec", "patches"))]
    selectors = [text(target.get("labelSelector")) for target in entries]
    for index, target in enumerate(entries):
        found = _EQUAL.fullmatch(selectors[index])
        if found and target.get("kind") and selectors.count(selectors[index]) == 1:
            yield index, targets.told(target), (found[1], found[2])


def _gives(repository: Repository, sync: Manifest, overlay: Overlay, key: str) -> bool:
    """Tell whether something may give a label before a patch does: another one, or a kustomization below with its own.

    What operations in a file do is not known.
    """
    if any(key in str(mapping(entry).get("patch")) for entry in sequence(sync.get("spec", "patches"))):
        return True
    for path in overlay.reads:
        item, file = repository.kustomizations.get(posixpath.dirname(path)), repository.files.get(path)
        if item and item.manifest.path == path and key in str(item.manifest.data):
            return True
        if file and path in patched.files(repository) and (not file.heads or key in str(file.heads)):
            return True
    return False


def _targets(sync: Manifest) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
    for field in ("patches", "patchesJson6902"):
        for index, entry in enumerate(sequence(sync.get("spec", field))):
            target = targets.told(mapping(mapping(entry).get("target")))
            if target.get("name") or target.get("version"):
                yield ("spec", field, index, "target"), target
