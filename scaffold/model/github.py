"""What of YAML is GitHub's, by where it stands."""

from __future__ import annotations

import re

_WORKFLOW = re.compile(r"\.github/workflows/[^/]+\.ya?ml\Z")


def is_workflow(path: str) -> bool:
    """Tell a workflow that GitHub runs."""
    return _WORKFLOW.match(path) is not None
