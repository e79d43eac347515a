"""The files of this repository that applications give to charts as values."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from scaffold.assemble import deployed
from scaffold.model import Application, Place, Repository, Source, mapping, sequence

_PATTERN = frozenset("*?[{$")


class Named(NamedTuple):
    """A file by its path from the root, where it is named, and whether it may be missing.

    `revision` is set where another revision is meant than the one at hand.
    """

    path: str
    place: Place
    source: Source
    optional: bool
    revision: str = ""


def named(repository: Repository, application: Application) -> Iterator[Named]:
    """The files that an application names, in their order, at whatever revision; none of other repositories."""
    references = {f"${source.ref}": source for source in application.sources if source.ref}
    for source in application.sources:
        options = mapping(source.options.get("helm"))
        for index, text in enumerate(sequence(options.get("valueFiles"))):
            name, slash, rest = text.partition("/") if isinstance(text, str) else ("", "", "")
            home = references.get(name, source)
            path = _path(home, (rest if slash else "") if name in references else text, root=name in references)
            if path and (home.here or deployed.is_own(repository, home)):
                place = source.place._replace(pointer=(*source.place.pointer, "helm", "valueFiles", index))
                optional = options.get("ignoreMissingValueFiles") is True
                yield Named(path, place, source, optional, "" if home.here else home.target_revision)


def _path(home: Source, text: object, *, root: bool) -> str:
    """The path from the root, empty for what is not in the repository of a source or not known."""
    if not isinstance(text, str) or not text or "://" in text or not _PATTERN.isdisjoint(text):
        return ""
    whole = root or text.startswith("/")
    return posixpath.normpath(posixpath.join(home.home if whole else home.path, text.lstrip("/")))
