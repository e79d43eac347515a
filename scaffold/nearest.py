"""The known name that an unknown one probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def hint(name: str, known: Iterable[str]) -> str:
    """The remedy for an unknown name: the nearest known one, else all of them."""
    names = sorted(known)
    guess = near(name, names)
    if guess:
        return f"did you mean {guess!r}?"
    return f"known are {', '.join(names)}" if names else "none is known"


def near(name: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """The known name that is most like another one, or nothing where none is as like it as asked, from 0 to 1."""
    found = difflib.get_close_matches(name, sorted(known), n=1, cutoff=likeness)
    return found[0] if found else ""
