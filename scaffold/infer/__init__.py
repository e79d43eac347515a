"""A repository of any layout to the settings that say what it looks like, for a person to correct."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from scaffold import settings, staging
from scaffold.errors import ScaffoldError
from scaffold.infer import addresses, layout, stages, writing
from scaffold.survey import survey

__all__ = ["Inferred", "infer", "write"]


class Inferred(NamedTuple):
    """The text of the settings, and how much of the repository they name."""

    text: str
    environments: int
    clusters: int


def infer(root: Path) -> Inferred:
    """What a repository says of itself; raises NothingCheckedError where no manifest stands below the root."""
    repository = survey(root)
    found = layout.of(repository)
    clusters = addresses.of(repository)
    environments = stages.of(repository, found, clusters)
    text = writing.text(repository, found, environments, clusters)
    return Inferred(text, len(environments), len(clusters.known))


def write(root: Path) -> Inferred:
    """Write the settings; raises ScaffoldError where there are some, and as `infer` does."""
    path = root / settings.NAME
    if path.exists() or path.is_symlink():
        raise ScaffoldError(f"{settings.NAME!r} is there already; change it by hand, or remove it first")
    found = infer(root)
    try:
        staging.files(root, {settings.NAME: staging.Content(found.text.encode("utf-8", "surrogateescape"))})
    except OSError as error:
        raise ScaffoldError(f"{str(path)!r} cannot be written, {error.strerror}; mend its permissions") from error
    return found
