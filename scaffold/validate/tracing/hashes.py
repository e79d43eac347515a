"""The names of what generators make, as people write them: without what kustomize appends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

GENERATORS = {"ConfigMap": "configMapGenerator", "Secret": "secretGenerator"}
# Kustomize 5.8 (`api/hasher`): ten of these characters, so that no word comes about.
_HASHED = re.compile(r"'([a-z0-9.-]+)-[2456789bcdfghkmt]{10}'")


def without(message: str, made: Callable[[], Iterable[str]]) -> str:
    """A message with the names in quotes that hold the name of an entry of a generator, without their hashes."""

    def plain(found: re.Match[str]) -> str:
        return f"'{found[1]}'" if any(name in found[1] for name in made()) else found[0]

    return _HASHED.sub(plain, message)
