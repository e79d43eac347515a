"""Why a generator makes nothing."""

from __future__ import annotations


class GenerationError(Exception):
    """The controller reports this and makes no application of the set; `text` is what in the set is at fault."""

    def __init__(self, message: str, text: str = "") -> None:
        super().__init__(message)
        self.text = text
