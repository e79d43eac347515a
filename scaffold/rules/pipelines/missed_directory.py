"""A pattern of Renovate, Atlantis or a workflow is for files of a directory that is not there, though one like it is.

Nothing matches, so that what it was to hold back is merged, or what it was to plan never is. Of Renovate, looked at are
`matchFileNames` and `includePaths` of this repository's own configuration, in JSON with or without comments: patterns
that begin with names of directories, of which the first that is missing stands for the same environment as another one
beside it, or is a slip of it. Of Atlantis it is `when_modified` in the `atlantis.yaml` at the root: it counts from the
directory of its project, and is told where its directory lies more or fewer steps above. Of a workflow of GitHub it is
`paths` and `paths-ignore` of what starts it, but for directories that the list has as they are called here, too. An
event whose every path is in a directory, or is a file, that is not here is told of, too: it starts nothing.

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
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.assemble import ranks
from scaffold.model import Finding, Place, Pointer, Repository, Severity, dig, mapping, sequence
from scaffold.model.values import text
from scaffold.nearest import slipped
from scaffold.rules import workflows

ID = "missed-directory"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_LIST = re.compile(r"\b(matchFileNames|includePaths)[\"']?\s*:\s*\[([^\[\]]*)\]")
_PATTERN = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'")
_COMMENT = re.compile(r"^[ \t]*//.*$", re.MULTILINE)
_ATLANTIS = "atlantis.yaml"
_CLIMBING = re.compile(r"(?P<up>(?:\.\./){1,40})(?P<below>(?:[\w-][\w.-]*/)+)")
_LONGEST = 400  # signs of a directory
_WITH_PATHS = frozenset(("push", "pull_request", "pull_request_target"))
_WILD = re.compile(r"[*?+\[\]!\\]")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every pattern whose directory is called otherwise."""
    for path, whole in repository.texts.items():
        if not path.endswith("CODEOWNERS"):
            for listed in _LIST.finditer(_COMMENT.sub(lambda found: " " * len(found[0]), whole)):
                for found in _PATTERN.finditer(listed[2]):
                    offset = listed.start(2) + found.start()
                    yield from _missed(repository, listed[1], found[1] or found[2] or "", path, whole, offset)
    yield from _of_atlantis(repository)
    for workflow in (each for file in repository.files.values() for each in workflows.of(file)):
        yield from _of_workflow(repository, workflow)


def _of_workflow(repository: Repository, workflow: workflows.Workflow) -> Iterator[Finding]:
    idle: dict[str, str] = {}
    for event, settings in mapping(workflow.on).items():
        if event not in _WITH_PATHS:
            continue
        for field in ("paths", "paths-ignore"):
            patterns = [text(each) for each in sequence(mapping(settings).get(field))]
            slips = list(_slips(repository, workflow, ("on", event, field), patterns))
            yield from slips
            if field == "paths" and not slips and _never(repository, event, mapping(settings), patterns):
                idle[event] = next(each for each in patterns if not each.startswith("!"))
    if idle:
        names, (event, first) = " or ".join(idle), next(iter(idle.items()))
        fact = f"workflow never starts on {names}, since nothing is here that its paths name, as {first!r}"
        message = f"{fact}; name those that are meant, or remove it"
        place = workflow.place("on", event, "paths", at_key=True)
        yield Finding(place, ID, message, SEVERITY, subject=names)


def _slips(repository: Repository, workflow: workflows.Workflow, at: Pointer, patterns: list[str]) -> Iterator[Finding]:
    for index, pattern in enumerate(patterns):
        meant = _meant(repository, pattern.removeprefix("!"))
        if meant and not any(f"{each.removeprefix('!')}/".startswith(f"{meant[1]}/") for each in patterns):
            fact = f"{at[-1]} has '{pattern}', but there is no directory '{meant[0]}', so it is for no file"
            message = f"{fact}; did you mean '{meant[1]}'?"
            yield Finding(workflow.place(*at, index), ID, message, SEVERITY, subject=f"{at[1]}/{pattern}")


def _never(repository: Repository, event: str, settings: Mapping[str, Any], patterns: list[str]) -> bool:
    """Tell whether no push of a branch and no request can touch a path; for tags GitHub does not look at paths."""
    tagged = event == "push" and not ("branches" in settings and "tags" not in settings)
    asked = [each for each in patterns if not each.startswith("!")]
    whole = not tagged and ".gitmodules" not in repository.paths
    return whole and bool(asked) and all(_is_void(repository, each) for each in asked)


def _is_void(repository: Repository, pattern: str) -> bool:
    """Tell whether no file can fit, since a directory before the first wildcard, or the file itself, is not here."""
    found = _WILD.search(pattern)
    if not found:
        return bool(pattern) and pattern.rstrip("/") not in repository.paths
    above = pattern[: found.start()].rpartition("/")[0]
    return above not in repository.directories


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
