"""The versions of Flux that a repository installs from Flux's own releases."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.model import Repository
from scaffold.model.values import text

_GROUP = "source.toolkit.fluxcd.io"
_RELEASES = re.compile(r"/fluxcd/(?:flux2(?:\.git)?|flux-manifests)/?\Z")
_TAG = re.compile(r"v?(\d+)\.(\d+)\.\d+\Z")


def newest(repository: Repository) -> tuple[int, int] | None:
    """The newest of them, or None where a source without a tag says of none which it is, or there is no source."""
    found = list(_versions(repository))
    return max((version for version in found if version), default=None) if all(found) else None


def _versions(repository: Repository) -> Iterator[tuple[int, int] | None]:
    for manifest in repository.manifests(f"{_GROUP}/GitRepository", f"{_GROUP}/OCIRepository"):
        if _RELEASES.search(text(manifest.get("spec", "url"))):
            tag = _TAG.match(text(manifest.get("spec", "ref", "tag")))
            yield (int(tag[1]), int(tag[2])) if tag else None
