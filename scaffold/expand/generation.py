"""Why a generator makes nothing."""

from __future__ import annotations


class GenerationError(Exception):
    """The controller reports this and makes no application of the set."""
