"""What is remembered of rendered manifests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from scaffold.assemble import bodies, references, scaling
from scaffold.expand import client_side, sync_options
from scaffold.model import Limit, Manifest, RenderedObject, dig, mapping, sequence
from scaffold.model.images import Image

_TEMPLATES = "/templates/"
_HOOKS = ("argocd.argoproj.io/hook", "helm.sh/hook")


def objects(manifests: Sequence[Manifest]) -> Iterator[RenderedObject]:
    """What of manifests is small enough to be kept, and all that is asked of them later."""
    for manifest in manifests:
        images = tuple(dict.fromkeys(c["image"] for _, c in manifest.containers() if isinstance(c.get("image"), str)))
        replicas = manifest.get("spec", "replicas")
        yield RenderedObject(
            manifest.api_version,
            manifest.kind,
            manifest.namespace,
            manifest.name,
            images,
            replicas if isinstance(replicas, int) else None,
            scaling.scaled(manifest),
            tuple(references.makes(manifest)),
            client_side.too_large(manifest.data) and not client_side.avoids(_sync_options(manifest)),
            tuple(_keys(manifest)),
            tuple(_limits(manifest)),
            tuple(_routes(manifest)),
            manifest.path if _TEMPLATES in f"/{manifest.path}" else "",
            manifest.document,
            bodies.body(manifest),
            manifest.unsteady,
            _expires(manifest),
        )


def name(remembered: Sequence[RenderedObject]) -> str:
    """A name for objects that a new image tag leaves as it is."""
    told = "\0".join(repr(without_tags(item)) for item in remembered)
    return hashlib.blake2b(told.encode(errors="surrogateescape"), digest_size=20).hexdigest()


def without_tags(item: RenderedObject) -> RenderedObject:
    """An object that tells no more of its images than their names."""
    return item._replace(images=tuple(dict.fromkeys(Image.of(text).name for text in item.images)))


def _keys(manifest: Manifest) -> Iterator[str]:
    if manifest.kind == "ConfigMap":
        yield from map(str, mapping(manifest.get("data")))
    if manifest.kind == "PrometheusRule":
        rules = (rule for group in sequence(manifest.get("spec", "groups")) for rule in sequence(dig(group, "rules")))
        yield from (str(dig(rule, "alert")) for rule in rules if dig(rule, "alert"))
    for _, container in manifest.containers():
        yield from (str(dig(entry, "name")) for entry in sequence(container.get("env")))


_ENTRYPOINTS = "traefik.ingress.kubernetes.io/router.entrypoints"  # by which Traefik tells HTTP from HTTPS


def _expires(manifest: Manifest) -> bool:
    """Tell a Job that ends and is deleted; of a hook nobody asks whether it is still there."""
    notes = mapping(manifest.metadata.get("annotations"))
    ends = manifest.get("spec", "ttlSecondsAfterFinished") is not None and manifest.get("spec", "suspend") is not True
    named = "name" in manifest.metadata
    return manifest.kind == "Job" and manifest.group == "batch" and ends and named and notes.keys().isdisjoint(_HOOKS)


def _limits(manifest: Manifest) -> Iterator[Limit]:
    for pointer, container in manifest.containers():
        for name, amount in mapping(dig(container, "resources", "limits")).items():
            what = f"{container.get('name')}/{name}"
            yield Limit(what, str(amount), (*pointer, "resources", "limits", name))


def _routes(manifest: Manifest) -> Iterator[str]:
    """The hosts and paths of an Ingress with its class, but for one that shares them on purpose."""
    notes = mapping(manifest.metadata.get("annotations"))
    shared = any("canary" in key or "mergeable" in key for key in notes)
    served = str(manifest.get("spec", "ingressClassName") or notes.get("kubernetes.io/ingress.class") or "")
    served += f" {notes.get(_ENTRYPOINTS) or ''}"
    for rule in sequence(manifest.get("spec", "rules")) if manifest.kind == "Ingress" and not shared else ():
        for path in sequence(dig(rule, "http", "paths")) if dig(rule, "host") else ():
            yield f"{dig(rule, 'host')}{dig(path, 'path') or '/'} {served.strip()}"


def _sync_options(manifest: Manifest) -> list[str]:
    text = manifest.get("metadata", "annotations", sync_options.ANNOTATION)
    return sync_options.of_annotation(text) if isinstance(text, str) else []
