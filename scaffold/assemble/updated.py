"""The images whose versions Argo CD's image updater sets, as annotations of Applications and its own objects say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scaffold.model import Application, Image, Repository, dig, mapping, sequence
from scaffold.model.values import text

_LIST = "argocd-image-updater.argoproj.io/image-list"
_KIND = "argocd-image-updater.argoproj.io/ImageUpdater"


def images(repository: Repository, applications: Iterable[Application]) -> tuple[str, ...]:
    """Their names, without tags."""
    listed = (text(dig(each.data, "metadata", "annotations", _LIST)) for each in applications)
    entries = (entry.strip().rpartition("=")[2] for each in listed for entry in each.split(","))
    return tuple(sorted({Image.of(entry).name for entry in (*entries, *_named(repository))} - {""}))


def _named(repository: Repository) -> Iterator[str]:
    """The images that objects of its operator name (1.0)."""
    for manifest in repository.manifests(_KIND):
        for each in map(mapping, sequence(manifest.get("spec", "applicationRefs"))):
            yield from (text(dig(image, "imageName")) for image in sequence(each.get("images")))
