"""Who has to review what: CODEOWNERS, where the last line that matches decides."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pathspec.gitignore import GitIgnoreSpec

_PLACES = ("CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS")


def owners(root: Path) -> Callable[[str], tuple[str, ...]]:
    """A function from a path to its owners; nobody where there is no such file."""
    path = next((root / place for place in _PLACES if (root / place).is_file()), None)
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path else []
    rules = []
    for line in lines:
        pattern, *names = line.partition("#")[0].split()[:20] or [""]
        if pattern and not pattern.startswith(("[", "^[")):  # a section of GitLab's
            rules.append((GitIgnoreSpec.from_lines([pattern]), tuple(names)))

    def of(name: str) -> tuple[str, ...]:
        return next((found for spec, found in reversed(rules) if spec.match_file(name)), ())

    return of
