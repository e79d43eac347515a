"""What makes results of one run useless to another: another program, schema, setting, rule or tool."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import scaffold
from scaffold.render import helm
from scaffold.validate.outcome import Prepared

_LIBRARIES = ("jsonschema_rs", "promql_parser", "ryaml", "yaml")


def of(prepared: Prepared) -> str:
    """A name for everything but the content of the repository that its results depend on."""
    program = helm.find()
    parts = (
        scaffold.__version__,
        _code(),
        prepared.settings.text,
        *(f"{directory} {known.text}" for directory, known in prepared.settings.beside),
        prepared.settings.profile,
        prepared.builder.name,
        *prepared.builder.command,
        f"{program} {_stamp(program)}",
        str(prepared.options.helm_cache),
    )
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()


def of_code() -> str:
    """A name for what reading files alone depends on."""
    return f"{scaffold.__version__} {_code()}"


@functools.cache
def _code() -> str:
    """The modules, schemas and libraries, by their times: a rule under development is not answered from the cache."""
    origins = (spec.origin for name in _LIBRARIES if (spec := importlib.util.find_spec(name)) and spec.origin)
    stamps = [f"{path} {_stamp(path)}" for path in (*_files(Path(__file__).parent.parent), *origins)]
    return hashlib.blake2b("\n".join([sys.version, *stamps]).encode(), digest_size=8).hexdigest()


def _files(package: Path) -> Iterator[str]:
    for directory, _, names in os.walk(package):
        yield from (f"{directory}/{name}" for name in sorted(names) if name.endswith((".py", ".json")))


def _stamp(path: str) -> str:
    try:
        stat = Path(path).stat()
    except OSError:
        return ""
    return f"{stat.st_mtime_ns} {stat.st_size}"
