"""Applications that follow a tag or a commit: what they deploy once they are moved to what is at hand."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from scaffold.expand.source_types import SourceError, SourceType, source_type
from scaffold.expand.sources import with_overrides
from scaffold.expand.unverifiable import UnverifiableError
from scaffold.expand.view import TreeView
from scaffold.model import Application, How, Source, mapping

PINNED = re.compile(r"(refs/tags/.+|[0-9a-f]{40}|([\w.-]+[-/])?v?\d+(\.\d+)+([-+][\w.+-]+)?)\Z")
_ANY = "HEAD"
_INLINE = ("values", "valuesObject", "parameters", "fileParameters")  # which are for the revision that is named


def is_one(application: Application) -> bool:
    """Tell whether an application takes all that it deploys at one tag or commit, which is not what is at hand."""
    sources = application.sources
    revisions = {source.target_revision for source in sources}
    pinned = len(revisions) == 1 and all(map(PINNED.match, revisions))
    return pinned and not any(source.here for source in sources)


def moved(application: Application, view: TreeView) -> Application | None:
    """An application of charts as if it followed what is at hand; None where it does, or not all of it is here.

    Values beside a chart are of its revision, those in the application itself of the one that this names now.
    """
    found = tuple(_here(application, view)) if is_one(application) else ()
    whole = found and len(found) == len(application.sources)
    return dataclasses.replace(application, sources=found) if whole else None


def _here(application: Application, view: TreeView) -> Iterator[Source]:
    for source in application.sources:
        tree = view.of(source.repo_url, _ANY)
        if tree is None or any(mapping(source.options.get("helm")).get(field) for field in _INLINE):
            continue
        try:
            options = with_overrides(source.options, application.name, tree)
            how = How.HELM if source_type(options, tree) is SourceType.HELM else None
        except (SourceError, UnverifiableError):
            continue
        path = tree.at(source.path)
        yield dataclasses.replace(source, path=path, here=True, how=how, options=options, home=tree.directory)
