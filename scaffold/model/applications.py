"""What Argo CD will have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from scaffold.model.manifests import Manifest
from scaffold.model.overlays import How
from scaffold.model.places import NOWHERE, Place
from scaffold.model.values import Pointer, dig, is_templated


@dataclass(frozen=True)
class Source:
    """One source of an application: a directory of a Git repository, or a chart.

    `here` tells that it is in a repository that is looked at, at this revision; then `how` says how Argo CD renders it,
    if it is not refused, and `options` are the source with what the files beside it override. `home` is the directory
    of that repository, which `path` begins with: empty, or that of one beside this one.
    """

    repo_url: str
    path: str = ""
    chart: str = ""
    target_revision: str = ""
    ref: str = ""
    place: Place = NOWHERE
    here: bool = False
    how: How | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    home: str = ""


@dataclass(frozen=True)
class Application:
    """An Argo CD Application as the engine will have it, written down or generated.

    `data` is the whole object; `place` where the manifest, or the generator's template, stands. A draft is a template
    whose generators files do not tell: what is literal in it is so in every application that it will make. Where
    builds make different ones of one manifest, `variant` is the directory whose build makes this one. The fields of one
    that is `bare` stand beside its name, as in values of a chart. `read` is the file that a generator took its
    parameters from, where it is one.
    """

    name: str
    namespace: str
    project: str
    sources: tuple[Source, ...]
    server: str
    cluster: str
    destination_namespace: str
    automated: bool
    data: Mapping[str, Any]
    place: Place
    generated: bool = False
    draft: bool = False
    variant: str = ""
    bare: bool = False
    read: str = ""

    @property
    def heals(self) -> bool:
        """Tell whether it puts back by itself what others change."""
        return self.automated and dig(self.data, "spec", "syncPolicy", "automated", "selfHeal") is True

    def tells(self, *values: str) -> bool:
        """Tell whether these of its values are known: only a draft leaves some open."""
        return not self.draft or not any(map(is_templated, values))

    def at(self, *pointer: str | int, at_key: bool = False) -> Place:
        """The place that set a field: in the manifest, or in the generator's template."""
        inner = pointer[1:] if self.bare else pointer
        return self.place._replace(pointer=self.place.pointer + inner, at_key=at_key)


class Failure(NamedTuple):
    """Why an ApplicationSet, or one of its applications, is not made, and where in it that stands."""

    text: str
    pointer: Pointer


@dataclass(frozen=True)
class ApplicationSet:
    """An ApplicationSet and what became of it: the names it generates, why it fails, what cannot be known offline.

    `drafts` are what its applications have in common, where none of them is known.
    """

    manifest: Manifest
    names: tuple[str, ...] = ()
    errors: tuple[Failure, ...] = ()
    unverifiable: tuple[str, ...] = ()
    drafts: tuple[Application, ...] = ()
