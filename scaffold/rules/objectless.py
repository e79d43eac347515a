"""Files that Flux takes for manifests, and that hold something else."""

from __future__ import annotations

from scaffold.model import Overlay, Repository
from scaffold.render.reasons import NO_OBJECT, Failure

_SIGN = "missing Resource metadata"


def failure(repository: Repository, overlay: Overlay) -> Failure | None:
    """Why a directory without a kustomization cannot be built: the first file there that is values, or the like."""
    listed = overlay.build.listed if overlay.build and _SIGN in overlay.error else None
    files = (repository.files[path] for path in listed or () if path in repository.files)
    found = next((file.path for file in files if file.keys and not file.heads), None)
    return Failure(overlay.path, found, f"{found!r} {NO_OBJECT}") if found else None
