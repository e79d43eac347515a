"""A pattern of Renovate, or of Atlantis, is for files of a directory that is not there, though one like it is.

Nothing matches, so that what it was to hold back is merged, or what it was to plan never is. Of Renovate, looked at are
`matchFileNames` and `includePaths` of this repository's own configuration, in JSON with or without comments: patterns
that begin with names of directories, of which the first that is missing stands for the same environment as another one
beside it, or is a slip of it. Of Atlantis it is `when_modified` in the `atlantis.yaml` at the root: it counts from the
directory of its project, and is told where its directory lies more or fewer steps above.

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

import posixpath
import re
from collections.abc import Iterator

from scaffold.assemble import ranks
from scaffold.model import Finding, Place, Repository, Severity, dig, sequence
from scaffold.model.values import text
from scaffold.nearest import slipped

ID = "missed-directory"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_LIST = re.compile(r"\b(matchFileNames|includePaths)[\"']?\s*:\s*\[([^\[\]]*)\]")
_PATTERN = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'")
_COMMENT = re.compile(r"^[ \t]*//.*$", re.MULTILINE)
_ATLANTIS = "atlantis.yaml"
_CLIMBING = re.compile(r"(?P<up>(?:\.\./){1,40})(?P<below>(?:[\w-][\w.-]*/)+)")
_LONGEST = 400  # signs of a directory


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every pattern whose directory is called otherwise."""
    for path, whole in repository.texts.items():
        if not path.endswith("CODEOWNERS"):
            for listed in _LIST.finditer(_COMMENT.sub(lambda found: " " * len(found[0]), whole)):
                for found in _PATTERN.finditer(listed[2]):
                    offset = listed.start(2) + found.start()
                    yield from _missed(repository, listed[1], found[1] or found[2] or "", path, whole, offset)
    yield from _of_atlantis(repository)


def _of_atlantis(repository: Repository) -> Iterator[Finding]:
    file = repository.files.get(_ATLANTIS)
    document = (file.documents or (None,))[0] if file else None
    for index, project in enumerate(sequence(dig(document, "projects"))):
        for number, pattern in enumerate(sequence(dig(project, "autoplan", "when_modified"))):
            place = Place(_ATLANTIS, 0, ("projects", index, "autoplan", "when_modified", number))
            yield from _astray(repository, text(dig(project, "dir")), text(pattern), place)


def _astray(repository: Repository, directory: str, pattern: str, place: Place) -> Iterator[Finding]:
    """A pattern that climbs too few or too many steps from its project's directory."""
    climbing = _CLIMBING.match(pattern.removeprefix("!"))
    if not climbing or not 0 < len(directory) <= _LONGEST:
        return
    below = climbing["below"].strip("/")
    home = posixpath.normpath(directory)
    steps = range(1, len(home.split("/")) + 1)
    reached = [posixpath.normpath(posixpath.join(home, "../" * count, below)) for count in steps]
    asked = posixpath.normpath(posixpath.join(home, climbing["up"], below))
    there = [count for count, path in enumerate(reached, 1) if path in repository.directories]
    if asked not in repository.directories and home in repository.directories | {"."} and len(there) == 1:
        fact = f"when_modified has '{pattern}', but there is no directory {asked!r}, as it counts from {directory!r}"
        message = f"{fact}; did you mean '{'../' * there[0]}{below}/'?"
        yield Finding(place, ID, message, SEVERITY, subject=f"{directory}/{pattern}")


def _missed(repository: Repository, field: str, pattern: str, path: str, whole: str, offset: int) -> Iterator[Finding]:
    meant = _meant(repository, pattern.removeprefix("!").removeprefix("./"))
    if meant:
        line, column = whole.count("\n", 0, offset) + 1, offset - whole.rfind("\n", 0, offset)
        fact = f"{field} has '{pattern}', but there is no directory '{meant[0]}'"
        message = f"{fact}, so it is for no file; did you mean '{meant[1]}'?"
        yield Finding(Place(path, line=line, column=column), ID, message, SEVERITY, subject=f"{field}/{pattern}")


def _meant(repository: Repository, pattern: str) -> tuple[str, str] | None:
    """The directory of a pattern that is missing, and the one beside it that was meant; no wildcard is a slip."""
    above = ""
    for name in pattern.split("/")[:-1]:
        if not name:
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
