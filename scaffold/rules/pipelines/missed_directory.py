"""A rule of Renovate is for files of a directory that is not there, though one of nearly that name is.

Nothing matches, so that what it was to hold back is merged, or what it was to update never is. Looked at are
`matchFileNames` and `includePaths` of this repository's own configuration, in JSON with or without comments: patterns
that begin with names of directories, of which the first that is missing stands for the same environment as another one
beside it, or is a slip of it.

Fails:

    # clusters/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # renovate.json
    {
      "packageRules": [
        {
          "matchFileNames": ["clusters/prod/**"],
          "automerge": false
        }
      ]
    }

Passes:

    # clusters/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # renovate.json
    {
      "packageRules": [
        {
          "matchFileNames": ["clusters/production/**"],
          "automerge": false
        }
      ]
    }
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.assemble import ranks
from scaffold.model import Finding, Place, Repository, Severity
from scaffold.nearest import slipped

ID = "missed-directory"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_LIST = re.compile(r"\b(matchFileNames|includePaths)[\"']?\s*:\s*\[([^\[\]]*)\]")
_PATTERN = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'")
_COMMENT = re.compile(r"^[ \t]*//.*$", re.MULTILINE)
_WILD = re.compile(r"[*?{}()+@!\[\\]")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every pattern whose directory is called otherwise."""
    for path, text in repository.texts.items():
        if not path.endswith("CODEOWNERS"):
            for listed in _LIST.finditer(_COMMENT.sub(lambda found: " " * len(found[0]), text)):
                for found in _PATTERN.finditer(listed[2]):
                    offset = listed.start(2) + found.start()
                    yield from _missed(repository, listed[1], found[1] or found[2] or "", path, text, offset)


def _missed(repository: Repository, field: str, pattern: str, path: str, text: str, offset: int) -> Iterator[Finding]:
    meant = _meant(repository, pattern.removeprefix("!").removeprefix("./"))
    if meant:
        line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
        fact = f"{field} has '{pattern}', but there is no directory '{meant[0]}'"
        message = f"{fact}, so it is for no file; did you mean '{meant[1]}'?"
        yield Finding(Place(path, line=line, column=column), ID, message, SEVERITY, subject=f"{field}/{pattern}")


def _meant(repository: Repository, pattern: str) -> tuple[str, str] | None:
    """The directory of a pattern that is missing, and the one beside it that was meant."""
    above = ""
    for name in pattern.split("/")[:-1]:
        if _WILD.search(name) or not name:
            return None
        here = f"{above}/{name}".lstrip("/")
        if here not in repository.directories:
            beside = repository.once(_children).get(above, set())
            same = sorted(beside & ranks.spelled([name]))
            guess = same[0] if same else slipped(name, beside)
            return (here, f"{above}/{guess}".lstrip("/")) if guess else None
        above = here
    return None


def _children(repository: Repository) -> dict[str, set[str]]:
    """The names of the directories in each."""
    found: dict[str, set[str]] = {}
    for directory in repository.directories - {""}:
        above, _, name = directory.rpartition("/")
        found.setdefault(above, set()).add(name)
    return found
