"""The Secrets for Argo CD that are made here: written down, sealed, or made by an ExternalSecret."""

from __future__ import annotations

from collections.abc import Iterator

from scaffold import load
from scaffold.assemble import apart, patched, references, written
from scaffold.model import Manifest, Repository, dig, mapping, sequence

_EXTERNAL, _SEALED = "external-secrets.io/ExternalSecret", "bitnami.com/SealedSecret"
_ADDING = ("commonLabels", "labels", "transformers")
_JOINED = ("Merge", "None", "Orphan")  # where another one makes the Secret


def made(repository: Repository, name: str, namespace: str, overlay: str = "") -> list[Manifest]:
    """What makes the Secret of a name: none where that is not known as a whole.

    Of one that is written down the labels alone are known. `namespace` may be empty, and `overlay` is the one that has
    to meet it, where it is told: what it has of its own is meant, since no cluster has the same Secret twice.
    """
    found = [m for m in repository.once(_every).get(name, ()) if _may_meet(m.namespace, namespace)]
    if overlay:
        own = [manifest for manifest in found if apart.is_own(repository, overlay, manifest.path)]
        found = own or [manifest for manifest in found if apart.is_met(repository, overlay, manifest.path)]
    return [] if any(_is_open(repository, manifest) for manifest in found) else found


def _may_meet(one: str, other: str) -> bool:
    return not (one and other) or one == other


def _every(repository: Repository) -> dict[str, list[Manifest]]:
    found: dict[str, list[Manifest]] = {}
    for manifest in (*written.manifests(repository, _EXTERNAL, _SEALED), *_plain(repository)):
        names = [manifest.name] if manifest.kind == "Secret" else [made.name for made in references.makes(manifest)]
        for name in names if manifest.path not in repository.resting else ():
            found.setdefault(name, []).append(manifest)
    return found


def _plain(repository: Repository) -> Iterator[Manifest]:
    for path, file in repository.files.items():
        for head in file.heads:
            if head.kind == "Secret" and not head.group:
                metadata = {"name": head.name, "namespace": head.namespace, "labels": dict(head.labels)}
                data = {"apiVersion": head.api_version, "kind": head.kind, "metadata": metadata}
                yield Manifest(data, path, head.document)


def _is_open(repository: Repository, manifest: Manifest) -> bool:
    """Tell whether something else may add to what a manifest says: a patch, a template, another maker."""
    target = mapping(manifest.get("spec", "target"))
    shared = target.get("creationPolicy") in _JOINED or bool(dig(target, "template", "templateFrom"))
    is_patch = manifest.path in patched.files(repository)
    return shared or is_patch or patched.is_changed(repository, manifest)


def labels(repository: Repository, manifest: Manifest) -> set[str]:
    """The labels of the Secret that one makes, by their keys, with those that kustomizations add.

    One without a template for metadata passes its own labels on (external-secrets 0.20); one that is sealed does not.
    """
    template = manifest.get(
        *(("spec", "template") if manifest.kind == "SealedSecret" else ("spec", "target", "template"))
    )
    own = (
        manifest.metadata if manifest.kind == "Secret" or (template is None and manifest.kind != "SealedSecret") else {}
    )
    held = {str(key) for data in (own, mapping(dig(template, "metadata"))) for key in mapping(data.get("labels"))}
    return held | set(_added(repository, manifest))


def _added(repository: Repository, manifest: Manifest) -> Iterator[str]:
    for directory, item in repository.kustomizations.items():
        fields = [item.manifest.get(field) for field in _ADDING]
        if any(fields) and manifest.path in load.read_by(directory, repository.kustomizations):
            common, several, _ = fields
            yield from map(str, mapping(common))
            yield from (str(key) for each in sequence(several) for key in mapping(dig(each, "pairs")))
