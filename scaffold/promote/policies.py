"""What a repository declares about promotions of an application."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable

from scaffold.choice import full_name
from scaffold.model import Overlay
from scaffold.settings import Promotions


def policy(policies: Iterable[Promotions], overlay: Overlay) -> Promotions:
    """The last entry that fits an application; one that leaves nothing and waits for nothing where none does."""
    name, result = full_name(overlay), Promotions(("*",))
    for item in policies:
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in item.applications):
            result = item
    return result
