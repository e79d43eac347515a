"""A line of CODEOWNERS never counts, since a later and broader one is for all of its files.

The last line that fits a file wins, so that nobody asks the owners of an earlier one: most often those that are to
approve what reaches production. Told is of a line below a directory, or for any file, that stands before that directory
or before `*`; and only where the later line does not name the same owners, too. A file with sections, as GitLab has
them, is left alone.

Fails:

    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # .github/CODEOWNERS
    /apps/*/production/  @shop/release
    /apps/               @shop/developers

Passes:

    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # .github/CODEOWNERS
    /apps/               @shop/developers
    /apps/*/production/  @shop/release
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from scaffold.model import Finding, Place, Repository, Severity

ID = "overruled-code-owner"
SEVERITY = Severity.WARNING
SCOPE = "repository"
# In the order in which GitHub looks for them; the last one is GitLab's.
_FILES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
_COMMENT = re.compile(r"(?:\A|\s)#.*")
_ODD = re.compile(r"[\\!\[\]]")  # escapes, and what gitignore knows and this does not
_WILD = re.compile(r"[*?]")
_ALL = frozenset(("*", "**", "/**", "**/*", "/**/*"))
_MOST = 500  # lines of one file that are compared


class _Line(NamedTuple):
    number: int
    pattern: str
    owners: frozenset[str]


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every line that a later one overrules for all of its files."""
    path = next((path for path in _FILES if path in repository.texts), "")
    lines = list(_lines(repository.texts.get(path, "")))[:_MOST]
    for index, line in enumerate(lines):
        broader = (later for later in lines[index + 1 :] if _holds(later.pattern, line.pattern))
        last = max(broader, key=lambda later: later.number, default=None)
        if last and not line.owners <= last.owners:
            fact = f"'{line.pattern}' never counts, since '{last.pattern}' ({{0}}) after it has all of its files"
            message = f"{fact}, and the last line that fits wins; put it behind that"
            related = (Place(path, line=last.number, column=1),)
            yield Finding(
                Place(path, line=line.number, column=1), ID, message, SEVERITY, subject=line.pattern, related=related
            )


def _lines(text: str) -> Iterator[_Line]:
    if any(line.lstrip().startswith(("[", "^[")) for line in text.splitlines()):
        return  # each section of GitLab counts by itself
    for number, line in enumerate(text.splitlines(), 1):
        pattern, *owners = _COMMENT.sub("", line).split() or ("",)
        if pattern and not _ODD.search(pattern):
            yield _Line(number, pattern, frozenset(owners))


def _holds(broad: str, narrow: str) -> bool:
    """Tell whether a pattern is for every file that another one can be for."""
    if broad in _ALL:
        return narrow not in _ALL
    directory = broad.removesuffix("/**").strip("/")
    above = _directories(narrow)
    if _is_rooted(broad):
        wanted = directory.split("/")
        return above[: len(wanted)] == wanted
    return broad.endswith("/") and directory in above


def _is_rooted(pattern: str) -> bool:
    """Tell whether a pattern counts from the root, as any does that has a slash before its end."""
    return "/" in pattern.rstrip("/")


def _directories(pattern: str) -> list[str]:
    """The directories that a pattern names before its first wildcard, and before what it is for."""
    parts = pattern.strip("/").split("/")
    found = []
    for part in parts[:-1]:
        if _WILD.search(part):
            break
        found.append(part)
    return found
