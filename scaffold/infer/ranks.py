"""What names of environments say about the promotion order."""

from __future__ import annotations

import re

_USUAL = (
    ("dev", "development", "develop", "sandbox", "local", "playground"),
    ("test", "testing", "tst", "qa", "ci", "integration", "int"),
    ("uat", "stage", "staging", "stg", "preprod", "preproduction", "acceptance", "acc", "demo", "canary"),
    ("prod", "production", "prd", "live"),
)
_RANKS = {word: rank for rank, words in enumerate(_USUAL) for word in words}


def rank(name: str) -> int | None:
    """Where in the usual order an environment stands by its name: `eu-prod` is a production."""
    found = [_RANKS[word] for word in re.split(r"[-_.]|(?<=[a-z])(?=\d)", name.lower()) if word in _RANKS]
    return max(found, default=None)
