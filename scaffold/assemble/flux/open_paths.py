"""The directories that Kustomizations of Flux may build whose path holds a variable, and patch as they do so."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from scaffold.expand import globs
from scaffold.model import Repository
from scaffold.model.values import text

_KIND = "kustomize.toolkit.fluxcd.io/Kustomization"
_VARIABLE = re.compile(r"\$\{(?:(?!\$\{)[^}])*+\}")


def find(repository: Repository) -> frozenset[str]:
    """Those that hold a kustomization; none where no Kustomization of Flux patches anything."""
    manifests = list(repository.manifests(_KIND))
    if not any(manifest.get("spec", "patches") for manifest in manifests):
        return frozenset()
    patterns = set(_patterns({text(manifest.get("spec", "path")) for manifest in manifests}))
    known = repository.kustomizations if patterns else ()
    return frozenset(path for path in known if any(globs.matches(pattern, path, "/") for pattern in patterns))


def _patterns(paths: set[str]) -> Iterator[str]:
    for path in paths:
        pattern = posixpath.normpath(f"/{_VARIABLE.sub('*', path)}").strip("/")
        # Where nothing of the path is known, it fits everything, and says nothing.
        if "${" in path and pattern.strip("*/"):
            yield pattern
