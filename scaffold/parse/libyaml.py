"""The loader that is written in C, for libraries that would take the other one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import yaml


@contextmanager
def preferred() -> Iterator[None]:
    """Have who asks PyYAML for its safe loader get the one of libyaml, which gives the same ten times as fast."""
    loader = yaml.SafeLoader
    setattr(yaml, "SafeLoader", getattr(yaml, "CSafeLoader", loader))  # noqa: B010  # mypy takes no assignment
    try:
        yield
    finally:
        setattr(yaml, "SafeLoader", loader)  # noqa: B010
