"""Results of overlays by what they follow from, each by itself and, for the repository at hand, many at a time.

Thousands of values take three times as long to read one by one as in a few dozen shelves.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from scaffold.cache import Cache

_SHELVES = 32


_Shelf = dict[str, tuple[str, Any]]


class Shelves:
    """What is kept of the repository at `root`; `keys` name what the result of each overlay follows from."""

    def __init__(self, cache: Cache, root: str, keys: Mapping[str, str]) -> None:
        self._cache, self._keys = cache, keys
        self._names = [f"overlays:{root}:{number}" for number in range(_SHELVES)]
        stored: dict[str, _Shelf] = cache.get_many(self._names)
        self._shelves = [stored.get(name, {}) for name in self._names]

    def results(self) -> dict[str, Any]:
        """The results that are there, by overlay."""
        known = {name: item for shelf in self._shelves for name, item in shelf.items()}
        found = {name: known[name][1] for name, key in self._keys.items() if name in known and known[name][0] == key}
        lost = {key: name for name, key in self._keys.items() if name not in found}
        strewn = {lost[key]: value for key, value in self._cache.get_many(lost).items()}
        self._shelve(strewn)
        return found | strewn

    def keep(self, fresh: Mapping[str, Any]) -> None:
        """Keep new results."""
        self._cache.put_many({self._keys[name]: value for name, value in fresh.items()})
        self._shelve(fresh)

    def _shelve(self, results: Mapping[str, Any]) -> None:
        """Put results on their shelves; one that holds much more than is asked for loses the rest."""
        touched = {_number(name) for name in results}
        for number in touched:
            shelf = self._shelves[number]
            if len(shelf) * _SHELVES > 2 * len(self._keys) + _SHELVES * _SHELVES:
                self._shelves[number] = {name: item for name, item in shelf.items() if name in self._keys}
        for name, value in results.items():
            self._shelves[_number(name)][name] = (self._keys[name], value)
        self._cache.put_many({self._names[number]: self._shelves[number] for number in touched})


def _number(name: str) -> int:
    return zlib.crc32(name.encode(errors="surrogateescape")) % _SHELVES
