"""What Jinja makes of a text, kept between layers and between runs: most of a short command's time was that."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import marshal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from types import CodeType
from typing import Any

from scaffold.cache import Cache

_memory: dict[str, CodeType] = {}
_SYNTAX = (
    *("block_start_string", "block_end_string", "variable_start_string", "variable_end_string"),
    *("comment_start_string", "comment_end_string", "line_statement_prefix", "line_comment_prefix"),
    *("trim_blocks", "lstrip_blocks", "newline_sequence", "keep_trailing_newline", "undefined", "optimized"),
    *("sandboxed", "autoescape", "is_async"),
)
_UNREADABLE = (EOFError, TypeError, ValueError)


@contextmanager
def once(directory: Path | None) -> Iterator[None]:
    """Compile equal texts once, where Copier has Jinja compile the same 160 four times over, for every layer.

    What is new is kept in the cache of that directory, which the next run reads, or for this process alone.
    """
    from jinja2 import Environment

    compile_, shelf = Environment.compile, _Shelf(directory)

    def remembered(environment: Any, source: Any, name: Any = None, filename: Any = None, **options: Any) -> Any:
        if not isinstance(source, str) or any(options.values()) or callable(environment.autoescape):
            return compile_(environment, source, name, filename, **options)
        key = _key(environment, source, name)
        if key in _memory or shelf.take(key):
            environment.preprocess(source)  # where Copier's extension forgets the yield of the source before
        else:
            code = compile_(environment, source, name, filename)
            shelf.add(key, code, lasting=_lasting(environment, source))
        return _memory[key]

    setattr(Environment, "compile", remembered)  # noqa: B010  # mypy takes no assignment to a method
    try:
        yield
    finally:
        setattr(Environment, "compile", compile_)  # noqa: B010
        shelf.close()


class _Shelf:
    """What the runs before have compiled; the file is opened only where memory does not do."""

    def __init__(self, directory: Path | None) -> None:
        self._directory, self._new = directory, dict[str, bytes]()

    @cached_property
    def _cache(self) -> Cache:
        return Cache(self._directory)

    def take(self, key: str) -> bool:
        """Bring one into memory; False where it is not there."""
        with contextlib.suppress(*_UNREADABLE):
            code = marshal.loads(self._cache.get(key) or b"")  # noqa: S302  # the user's own directory, mode 700
            if isinstance(code, CodeType):
                _memory[key] = code
        return key in _memory

    def add(self, key: str, code: CodeType, *, lasting: bool) -> None:
        """Take one into memory, and have it kept where it will do for other runs."""
        _memory[key] = code
        if lasting:
            self._new[key] = marshal.dumps(code)

    def close(self) -> None:
        """Keep what is new."""
        if "_cache" in vars(self):
            self._cache.put_many(self._new)
            self._cache.close()


def _lasting(environment: Any, source: str) -> bool:
    """Whether code means the same at any time; Jinja compiles `'%Y' | strftime` to the text of today (Jinja 3.1)."""
    from jinja2 import nodes

    def computed(filtered: Any) -> bool:
        with contextlib.suppress(nodes.Impossible):
            filtered.as_const()
            return True
        return False

    return not any(computed(each) for each in environment.parse(source).find_all(nodes.Filter))


def _key(environment: Any, source: str, name: Any) -> str:
    syntax = (str(getattr(environment, each)) for each in _SYNTAX)
    said = repr((*_versions(), *syntax, *sorted(environment.extensions), *sorted(environment.filters), name, source))
    return "jinja " + hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _versions() -> tuple[str, bytes]:
    from jinja2.bccache import bc_magic

    return importlib.metadata.version("jinja2"), bc_magic
