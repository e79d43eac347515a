"""What cannot be known without a cluster or the network is said to be so, never guessed."""

from __future__ import annotations


class UnverifiableError(Exception):
    """The outcome depends on something that files do not tell; the message names it."""
