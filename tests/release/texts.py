"""The texts that carry a version, and how they are raised."""

from __future__ import annotations

import re
from pathlib import Path

from scaffold.errors import ScaffoldError

_PLACES = {
    "scaffold/__init__.py": (r'(?m)^(__version__ = ")[^"]*(")$',),
    "copier.yml": (r"(\nscaffold_version:\n(?:  .*\n)*  default: )\S+(\n)",),
    "README.md": (
        r"(?m)^(    rev: v)\S+()$",
        r"(/\.ci/validate@v)\S+()",
        r"(gitops-scaffold/validate@v)\S+()",
    ),
    ".ci/validate/action.yml": (r'(\n  version:\n(?:    .*\n)*?    default: ")[^"]*(")',),
    "templates/validate.yml": (r'(\n    version:\n(?:      .*\n)*?      default: ")[^"]*(")',),
}
_HEADING = "## [Unreleased]\n"
_NEXT = re.compile(r"^## \[", re.MULTILINE)


def number(version: str) -> tuple[int, int, int]:
    """A version such as 0.2.0 as numbers; raises ScaffoldError for another one."""
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", version):
        raise ScaffoldError(f"version {version!r} has not three numbers; write one such as 0.2.0")
    major, minor, patch = version.split(".")
    return int(major), int(minor), int(patch)


def least(last: str, *, breaks: bool) -> str:
    """The first version that may follow; one that breaks something raises the first number, below 1.0.0 the second."""
    major, minor, patch = number(last)
    if not breaks:
        return f"{major}.{minor}.{patch + 1}"
    return f"{major + 1}.0.0" if major else f"0.{minor + 1}.0"


def raise_version(project: Path, version: str, date: str) -> None:
    """Write the version where it stands, and a heading above what is unreleased; raises ScaffoldError without that."""
    for name, patterns in _PLACES.items():
        for pattern in patterns:
            text, hits = re.subn(pattern, rf"\g<1>{version}\g<2>", (project / name).read_text())
            if hits != 1:
                raise ScaffoldError(f"{name} names the version {hits} times, not once; mend it and release again")
            (project / name).write_text(text)
    changelog = project / "CHANGELOG.md"
    changelog.write_text(headed(changelog.read_text(), version, date))


def headed(changelog: str, version: str, date: str) -> str:
    """The changelog with what was unreleased under a version; raises ScaffoldError where nothing was."""
    before, heading, rest = changelog.partition(_HEADING)
    following = _NEXT.search(rest)
    unreleased = rest[: following.start()] if following else rest
    if not heading or not re.search(r"^- ", unreleased, re.MULTILINE):
        raise ScaffoldError("CHANGELOG.md has no entry under [Unreleased]; say there what changes for users")
    return f"{before}{heading}\n## [{version}] - {date}\n{rest}"
