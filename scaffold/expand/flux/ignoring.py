"""Which files of a repository a source leaves out, as source-controller 1.9 decides (fluxcd/pkg/sourceignore).

The patterns look like Git's, with two differences that matter: the last line that matches a file decides, so a file is
taken back from a directory that is left out; and whoever writes any pattern does without the defaults.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scaffold.expand import paths

NAME = ".sourceignore"
_VCS = (".git/", ".gitignore", ".gitmodules", ".gitattributes")
_WILD = frozenset("*?[\\")
_PROBES = ("kustomization.yaml", "a.yaml", "a/b.yaml", "a")  # of what nobody knows
_DEFAULTS = (
    "*.jpg", "*.jpeg", "*.gif", "*.png", "*.wmv", "*.flv", "*.tar.gz", "*.zip",
    ".github/", ".circleci/", ".travis.yml", ".gitlab-ci.yml", "appveyor.yml", ".drone.yml", "cloudbuild.yaml",
    "codeship-services.yml", "codeship-steps.yml", "**/.goreleaser.yml", "**/.sops.yaml", "**/.flux.yaml",
)  # fmt: skip


@dataclass(frozen=True)
class _Pattern:
    """One line, which speaks of what is below its directory."""

    domain: tuple[str, ...]
    segments: tuple[str, ...]
    takes_back: bool
    directories: bool

    def matches(self, path: tuple[str, ...]) -> bool:
        if len(path) <= len(self.domain) or path[: len(self.domain)] != self.domain:
            return False
        below = path[len(self.domain) :]
        return self._by_path(below) if len(self.segments) > 1 else self._by_name(below)

    def is_beside(self, path: tuple[str, ...]) -> bool:
        """Tell whether all that matches stands in another directory: some name on the way to it is another one."""
        told = self.segments[1:] if self.segments[0] == "" else ()
        return any(one != other and not _WILD & set(one) for one, other in zip(told, path, strict=False))

    def _by_name(self, path: tuple[str, ...]) -> bool:
        for index, name in enumerate(path):
            if paths.matches(self.segments[0], name):
                return not (self.directories and index == len(path) - 1)
        return False

    def _by_path(self, path: tuple[str, ...]) -> bool:
        """Go through the segments; two asterisks go on to the first name that fits, and never try a later one."""
        matched = anywhere = False
        for index, segment in enumerate(self.segments):
            if segment == "":
                anywhere = False
            elif segment == "**":
                if index == len(self.segments) - 1:
                    break
                anywhere = True
            elif "**" in segment or not path:
                return False
            elif anywhere:
                anywhere = False
                found = next((i for i, name in enumerate(path) if paths.matches(segment, name)), None)
                matched = found is not None
                path = path[found + 1 :] if found is not None else ()
            elif paths.matches(segment, path[0]):
                matched, path = True, path[1:]
            else:
                return False
        return matched and not (self.directories and not path)


def _pattern(line: str, domain: tuple[str, ...]) -> _Pattern:
    takes_back = line.startswith("!")
    text = line[takes_back:]
    text = text if text.endswith("\\ ") else text.rstrip(" ")
    directories = text.endswith("/")
    return _Pattern(domain, tuple(text.removesuffix("/").split("/")), takes_back, directories)


class Ignored:
    """Tells which files are left out."""

    def __init__(self, ignore: str | None, files: Mapping[str, str]) -> None:
        """`ignore` is what the source says, None where it says nothing; `files` holds the text of each ignore file."""
        told = [(name.split("/")[:-1], text) for name, text in sorted(files.items(), key=lambda item: _depth(item[0]))]
        own = [_pattern(line, tuple(domain)) for domain, text in told for line in _lines(text)]
        own += [_pattern(line, ()) for line in _lines(ignore or "")]
        defaults = [] if own or ignore else _DEFAULTS
        self._patterns = [*(_pattern(line, ()) for line in (*_VCS, *defaults)), *own]

    def __contains__(self, path: object) -> bool:
        parts = tuple(str(path).split("/"))
        last = next((pattern for pattern in reversed(self._patterns) if pattern.matches(parts)), None)
        return last is not None and not last.takes_back


def hides(ignore: str, directory: str) -> bool:
    """Tell whether a source's `ignore` leaves nothing of a directory, whatever there and in ignore files is."""
    patterns = [_pattern(line, ()) for line in _lines(ignore)]
    if any(pattern.takes_back and not pattern.is_beside(tuple(directory.split("/"))) for pattern in patterns):
        return False
    files = (tuple(f"{directory}/{name}".split("/")) for name in _PROBES)
    return all(any(pattern.matches(file) for pattern in patterns if not pattern.takes_back) for file in files)


def _depth(name: str) -> list[str]:
    """The order in which the files are read: each directory before those below it."""
    return name.split("/")[:-1]


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
