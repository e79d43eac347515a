"""The report on a directory, for as long as nothing in it has changed."""

from __future__ import annotations

import datetime
import hashlib
import time
from itertools import chain
from typing import Any

from scaffold.discover import RACY
from scaffold.validate import versions
from scaffold.validate.outcome import Prepared


class Memory:
    """Keeps the last report for a directory and the options it was made with; file stamps tell if it still holds."""

    def __init__(self, prepared: Prepared) -> None:
        options, tree = prepared.options, prepared.tree
        self._cache = prepared.cache
        self._started = time.time_ns()
        self._usable = bool(options.cache) and not options.changed_since
        asked = (options.profile, options.kustomize, options.require_rendered)
        self._key = ":".join(map(str, ("report", tree.root, *tree.beside, *asked)))
        self._newest = max((stamp.changed for stamp in (*tree.yaml.values(), *tree.others.values())), default=0)
        self._state = _state(prepared) if self._usable else ""

    def recall(self) -> Any:
        """The report of the last run, or None where it may be another one now."""
        state, report = (self._cache.get(self._key) if self._usable else None) or ("", None)
        return report if state == self._state else None

    def keep(self, report: object, *, lasting: bool) -> None:
        """Keep a report, unless it would not last, or a file is so young that its stamp may miss a change."""
        if self._usable and lasting and self._newest < self._started - RACY:
            self._cache.put_many({self._key: (self._state, report)})


def _state(prepared: Prepared) -> str:
    """A name for everything that a report depends on; the day is part of it because some silences end."""
    tree = prepared.tree
    parts = [
        versions.of(prepared),
        repr(tree.standing),
        datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        repr(tree.skipped),
        *sorted(tree.directories),
        "",
        *tree.yaml,
        "",
        *tree.others,
    ]
    state = hashlib.blake2b("\0".join(parts).encode(errors="surrogateescape"), digest_size=20)
    for stamps in (tree.yaml, tree.others):
        state.update(" ".join(map(str, chain.from_iterable(stamps.values()))).encode())
    return state.hexdigest()
