"""What is kept of Terraform's files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Terraform:
    """Its files by their paths, with their texts; `opaque` are the directories where more stands than they say.

    `steered` tells that a script or a pipeline says where state is kept, `varied` that one gives variables.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    opaque: frozenset[str] = frozenset()
    steered: bool = False
    varied: bool = False
