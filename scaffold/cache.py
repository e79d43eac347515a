"""Results by content, in one SQLite file in the user's cache directory; losing it costs time and nothing else."""

from __future__ import annotations

import contextlib
import pickle
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

_SCHEMA = "create table if not exists entries (key text primary key, value blob, used integer)"
_DELETE_OLDER_HALF = """
delete from entries where key in (select key from entries order by used limit (select count(*) / 2 from entries))
"""
_LARGEST = 512 * 1024 * 1024
_PATIENCE = 5.0
_CHUNK = 500
_NAME = "results.sqlite"
# What unpickling says of bytes that another program, or nobody, wrote.
_UNREADABLE = (pickle.PickleError, AttributeError, EOFError, ImportError, LookupError, TypeError, ValueError)


def own_directory() -> Path:
    """Where results are kept, unless the user says to keep none."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("gitops-scaffold"))


class Cache:
    """A mapping of keys to values that many runs may use at once; a broken or locked file reads as empty."""

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory
        self._connection: sqlite3.Connection | None = None
        if directory is None:
            return
        with contextlib.suppress(OSError, sqlite3.Error):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                self._connection = _connected(directory / _NAME)
            except sqlite3.OperationalError:
                raise  # it is locked, or the disk is full: another run may use it well
            except sqlite3.DatabaseError:
                self._drop()
                self._connection = _connected(directory / _NAME)

    def get(self, key: str) -> Any:
        """The value of one key, or None."""
        return self.get_many((key,)).get(key)

    def get_many(self, keys: Iterable[str]) -> dict[str, Any]:
        """The values of those keys that are there."""
        found: dict[str, Any] = {}
        if self._connection is None:
            return found
        with self._guarded(), contextlib.suppress(*_UNREADABLE):
            for chunk in _chunks(list(keys)):
                marks = ",".join("?" * len(chunk))
                # Only question marks are put into the text.
                select = f"select key, value from entries where key in ({marks})"  # noqa: S608
                for key, value in self._connection.execute(select, chunk):
                    found[key] = pickle.loads(value)  # noqa: S301  # the user's own directory, mode 700
        return found

    def put_many(self, values: Mapping[str, Any]) -> None:
        """Store values; a full disk or a lock that is held too long is no error."""
        if self._connection is None or not values:
            return
        now = int(time.time())
        rows = [(key, pickle.dumps(value, pickle.HIGHEST_PROTOCOL), now) for key, value in values.items()]
        with self._guarded(), self._connection:
            self._connection.executemany("insert or replace into entries values (?, ?, ?)", rows)
            self._trim()

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        """Go on where the file cannot be used; one that is damaged is removed, so that the next run has a new one."""
        try:
            yield
        except sqlite3.OperationalError:
            pass
        except sqlite3.DatabaseError:
            self.close()
            self._drop()

    def _drop(self) -> None:
        assert self._directory is not None
        for suffix in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                (self._directory / f"{_NAME}{suffix}").unlink()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _trim(self) -> None:
        """Drop the older half once the file is too large."""
        assert self._connection is not None
        (pages,) = self._connection.execute("pragma page_count").fetchone()
        (free,) = self._connection.execute("pragma freelist_count").fetchone()
        (size,) = self._connection.execute("pragma page_size").fetchone()
        if (pages - free) * size > _LARGEST:
            self._connection.execute(_DELETE_OLDER_HALF)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_PATIENCE)
    try:
        connection.execute("pragma journal_mode=wal")
        connection.execute("pragma synchronous=off")
        connection.execute(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _chunks(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]
