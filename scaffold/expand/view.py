"""What an expansion may know: one tree of a repository, its addresses, and the clusters and projects declared."""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from scaffold.expand import doublestar, paths, urls
from scaffold.expand.unverifiable import UnverifiableError
from scaffold.model import above
from scaffold.parse import parse

IN_CLUSTER_NAME = "in-cluster"
IN_CLUSTER_SERVER = "https://kubernetes.default.svc"
# What Git has in a working tree whatever is in it.
_GIT_DIRECTORIES = (".git", ".git/objects", ".git/refs")
_GIT_FILES = (".git/HEAD", ".git/config", ".git/index")


@dataclass(frozen=True, slots=True)
class ClusterEntry:
    """A cluster as Argo CD has it registered; `project` is set on one that belongs to a project."""

    name: str
    server: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    project: str = ""


def _no_text(path: str) -> str:
    raise UnverifiableError(f"{path} cannot be read here")


@dataclass(frozen=True)
class TreeView:
    """A repository at one revision, in memory.

    `files` are the tracked files, relative posix paths; `directories` may add what they do not imply. `read` gives the
    text of a file; it raises OSError where it cannot. `repository_urls` are the addresses of this repository,
    `revisions` the names of this tree. `clusters` and `projects` are None where the inventory is not complete.
    `directory` is where it stands when it is looked at from another one, which has it in `beside`. `segmented` tells
    that Argo CD is told to let `*` in the path of a file stay in one directory.
    """

    files: Collection[str] = ()
    directories: Collection[str] = ()
    read: Callable[[str], str] = _no_text
    repository_urls: tuple[str, ...] = ()
    revisions: frozenset[str] = frozenset({"", "HEAD"})
    clusters: tuple[ClusterEntry, ...] | None = None
    projects: frozenset[str] | None = None
    directory: str = ""
    beside: tuple[TreeView, ...] = ()
    segmented: bool = False

    def of(self, repo_url: str, revision: str) -> TreeView | None:
        """The tree that a URL and a revision mean, this one or one beside it."""
        return next((tree for tree in (self, *self.beside) if tree.is_this(repo_url, revision)), None)

    def at(self, path: str) -> str:
        """A path of this tree, as it is seen from the one that this one is beside."""
        return posixpath.join(self.directory, path) if path else self.directory

    def everything_below(self, path: str) -> list[str]:
        """Every tracked file below a directory of this tree or, by a path from here, of one beside it."""
        for tree in self.beside:
            if f"{path}/".startswith(f"{tree.directory}/"):
                return [tree.at(found) for found in tree.files_below(path[len(tree.directory) + 1 :])]
        return self.files_below(path)

    def all_consulted(self) -> frozenset[str]:
        """The files that this tree and those beside it were asked for, by their paths from here."""
        return frozenset(tree.at(path) for tree in (self, *self.beside) for path in tree.consulted)

    def is_this(self, repo_url: str, revision: str) -> bool:
        """Tell whether a URL and a revision mean this tree."""
        branch = revision.removeprefix("refs/heads/")
        return branch in self.revisions and urls.normalize(repo_url) in self._addresses

    def directories_matching(self, pattern: str) -> list[str]:
        """The directories a directory generator's pattern picks, parents first; hidden ones are skipped."""
        if "[" in pattern or "\\" in pattern:
            return [path for path in self._all_directories if paths.matches(pattern, path)]
        return list(self._walk("", pattern.split("/")))

    def _walk(self, parent: str, segments: list[str]) -> Iterator[str]:
        head, *rest = segments
        for name in self._named(parent, head):
            path = f"{parent}/{name}" if parent else name
            if rest:
                yield from self._walk(path, rest)
            else:
                yield path

    def _named(self, parent: str, pattern: str) -> Iterable[str]:
        names = self._children.get(parent, {})
        if "*" not in pattern and "?" not in pattern:
            return (pattern,) if pattern in names else ()
        accepts = paths.compile_path(pattern).fullmatch
        return (name for name in names if accepts(name))

    def files_matching(self, pathspec: str) -> list[str]:
        """The tracked files a pathspec of `git ls-files` picks, sorted; raise ValueError where Git refuses it.

        Where Argo CD 3.5 has `enable.new.git.file.globbing`, it is a glob of doublestar.
        """
        if self.segmented:
            return self._globbed(pathspec)
        pathspec = _inside(pathspec or ".")
        accepts = paths.compile_pathspec(pathspec).fullmatch
        prefix = "" if pathspec == "." else paths.literal_prefix(pathspec).rstrip("/")
        return [path for path in _beginning(self._sorted_files, prefix) if accepts(path)]

    def _globbed(self, pattern: str) -> list[str]:
        """The files that a glob of doublestar picks; raise ValueError where it picks a directory, too.

        Argo CD 3.5 walks what it has checked out, where Git has a directory of its own, and reads all that it finds.
        """
        glob = doublestar.compile_glob(pattern)
        picked = next(filter(glob.picks_directory, _beginning(self._places, glob.prefix)), None)
        if picked is not None:
            raise ValueError(f"'{picked or '.'}' is a directory")
        if any(map(glob.picks, _GIT_FILES)):
            raise UnverifiableError(f"'{pattern}' picks files of Git's own")
        return [path for path in _beginning(self._sorted_files, glob.prefix) if glob.picks(path)]

    def files_below(self, directory: str) -> list[str]:
        """Every tracked file below a directory, sorted; all of them for the root."""
        prefix = f"{directory}/" if directory else ""
        start = bisect_left(self._sorted_files, prefix)
        end = bisect_left(self._sorted_files, prefix[:-1] + "0") if prefix else len(self._sorted_files)
        return self._sorted_files[start:end]

    def names_in(self, directory: str) -> list[str]:
        """The names of the files that stand directly in a directory."""
        return self._names.get(directory, [])

    def first_document(self, path: str) -> Any:
        """The first YAML document of a file, read once; raise ScaffoldError or OSError where it cannot be read."""
        self.consulted.add(path)
        if path not in self._documents:
            self._documents[path] = first_document(self.read(path))
        return self._documents[path]

    @cached_property
    def consulted(self) -> set[str]:
        """The files that were asked for their text."""
        return set()

    @cached_property
    def _documents(self) -> dict[str, Any]:
        return {}

    @cached_property
    def _addresses(self) -> frozenset[str]:
        return frozenset(map(urls.normalize, self.repository_urls)) - {""}

    @cached_property
    def _sorted_files(self) -> list[str]:
        return sorted(self.files)

    @cached_property
    def _places(self) -> list[str]:
        """The directories of a working tree, the root among them as nothing, sorted."""
        parents = {place for path in self.files for place in above(path)}
        return sorted({"", *parents, *self.directories, *_GIT_DIRECTORIES} - {"."})

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self.files:
            directory, _, name = path.rpartition("/")
            found.setdefault(directory, []).append(name)
        return found

    @cached_property
    def _children(self) -> dict[str, dict[str, None]]:
        """Names of subdirectories by directory, sorted."""
        found: dict[str, dict[str, None]] = {}
        for path in sorted(_with_parents(self.files, self.directories), key=lambda path: path.split("/")):
            parent, _, name = path.rpartition("/")
            found.setdefault(parent, {})[name] = None
        return found

    @cached_property
    def _all_directories(self) -> list[str]:
        return list(_every(self._children, ""))


def _beginning(ordered: Sequence[str], prefix: str) -> Iterator[str]:
    """Those of some texts in their order that begin in the same way."""
    for index in range(bisect_left(ordered, prefix), len(ordered)):
        if not ordered[index].startswith(prefix):
            return
        yield ordered[index]


def first_document(text: str) -> Any:
    """The first document of a YAML text, as Argo CD reads a generator's file; None when there is none."""
    documents = parse(text).documents
    return documents[0] if documents else None


def _every(children: Mapping[str, Mapping[str, None]], parent: str) -> Iterator[str]:
    for name in children.get(parent, {}):
        path = f"{parent}/{name}" if parent else name
        yield path
        yield from _every(children, path)


def _with_parents(files: Iterable[str], directories: Iterable[str]) -> set[str]:
    found: set[str] = set()
    todo = {path.rpartition("/")[0] for path in files}.union(directories)
    for path in todo - {"", "."}:
        directory = path
        while directory and directory not in found:
            found.add(directory)
            directory = directory.rpartition("/")[0]
    return {path for path in found if not (path.startswith(".") or "/." in path)}


def _inside(pathspec: str) -> str:
    """A pathspec without `.` and `..` steps."""
    if pathspec.startswith(":"):
        raise UnverifiableError(f"the pathspec magic in '{pathspec}'")
    if not {"", ".", ".."}.isdisjoint(pathspec.split("/")):
        end = "/" if pathspec.endswith("/") else ""
        pathspec = posixpath.normpath(pathspec) + end
    if pathspec.startswith("/") or pathspec.split("/")[0] == "..":
        raise ValueError(f"'{pathspec}' is outside the repository")
    return pathspec
