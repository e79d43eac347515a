"""What the settings say of how Argo CD reads a repository."""

from __future__ import annotations

from scaffold.assemble.argocd_settings.files import of_repository
from scaffold.assemble.argocd_settings.settings import CM, PARAMS
from scaffold.model import Repository

_BUILD_OPTIONS, _LOOSE = "kustomize.buildOptions", "LoadRestrictionsNone"
_SEGMENTED = "applicationsetcontroller.enable.new.git.file.globbing"


def is_loosened(repository: Repository) -> bool:
    """Tell whether Argo CD is told to let builds read files that stand elsewhere."""
    told = (each.data.items() for each in of_repository(repository, CM))
    return any(key.startswith(_BUILD_OPTIONS) and _LOOSE in str(value) for items in told for key, value in items)


def is_segmented(repository: Repository) -> bool:
    """Tell whether Argo CD 3.5 is told that `*` in the path of a files generator stays in one directory."""
    return any(str(each.data.get(_SEGMENTED)).lower() == "true" for each in of_repository(repository, PARAMS))
