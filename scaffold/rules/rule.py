"""What a rule is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from scaffold.model import Finding, Repository, Severity

FILE = "file"
OVERLAY = "overlay"
REPOSITORY = "repository"
RESULT = "result"


class Rule(Protocol):
    """A module; its docstring is the rule's documentation.

    SCOPE says what `check` sees at a time: one file with all its documents, one overlay with its rendered manifests, or
    the whole repository, where files keep only what spans them, or that together with what all other rules found. A
    rule looks at nothing beyond its scope, because results are cached by it. What a promotion changes every day, image
    tags and digests, is in the scopes `file` and `overlay` only: elsewhere every tag is one word, and objects have no
    images.

    PROFILES, which a module may leave out, names the profiles that ask for the rule; without it every profile does.
    """

    __name__: str
    __doc__: str | None
    ID: str
    SEVERITY: Severity
    SCOPE: str

    def check(self, repository: Repository) -> Iterator[Finding]: ...
