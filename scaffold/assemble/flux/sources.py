"""Which sources of Flux are this repository, and what each leaves of it."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from scaffold.assemble import addresses
from scaffold.assemble.flux.artifacts import Cut
from scaffold.expand.flux.ignoring import NAME, Ignored
from scaffold.model import Manifest, Repository, mapping, sequence
from scaffold.model.flux import Reference
from scaffold.model.values import text

_USUAL = frozenset(("main", "master"))
GROUP = "source.toolkit.fluxcd.io"


@dataclass
class Sources:
    """The sources of one cluster; `objects` are those known so far, `root` the one that the cluster begins with.

    `begins_in` is the directory of the repository that this one is, `cuts` are the artifacts, parts of a source or not,
    and `pushed` the directories that artifacts of this repository hold.
    """

    repository: Repository
    ignore_files: Mapping[str, str]
    written: Mapping[Reference, Manifest]
    root: Reference | None = None
    begins_in: str = ""
    pushed: Mapping[Reference, str] = field(default_factory=dict)
    objects: dict[Reference, Manifest] = field(default_factory=dict)
    cuts: dict[Reference, Cut | None] = field(default_factory=dict)
    _left: dict[tuple[str, str | None, tuple[str, ...]], frozenset[str]] = field(default_factory=dict)

    def find(self, reference: Reference) -> Manifest | None:
        """The object of a source: the cluster's, else the one that some file declares."""
        return self.objects.get(reference) or self.written.get(reference)

    def home(self, reference: Reference) -> str | None:
        """The directory of the repository that a source is, at whatever revision; None where nobody has it here."""
        reference, _ = self.origin(reference)
        if reference == self.root or reference in self.pushed:
            return self.begins_in
        found = self.find(reference)
        if found is None or found.kind != "GitRepository":
            return None
        url = text(found.get("spec", "url"))
        return next((home for home, urls in self._addresses() if addresses.same(url, urls)), None)

    def origin(self, reference: Reference) -> tuple[Reference, str]:
        """The source that an artifact is cut out of, and where; any other one is itself, from its root."""
        cut = self.cuts.get(reference)
        if cut:
            return cut.source, posixpath.join(self.pushed.get(cut.source, ""), cut.start)
        return reference, self.pushed.get(reference, "")

    def start(self, reference: Reference) -> str | None:
        """The directory of this repository, or of one beside it, that is the root of a source."""
        home, (_, start) = self.home(reference), self.origin(reference)
        return posixpath.join(home, start).rstrip("/") if home is not None else None

    def is_at_root(self, reference: Reference) -> bool:
        """Tell whether a source follows the branch that its cluster begins in; another one may hold another tree."""
        reference, _ = self.origin(reference)
        here, there = (self.find(item) if item else None for item in (self.root, reference))
        branch = text(there.get("spec", "ref", "branch")) if there else ""
        return not branch or (branch == text(here.get("spec", "ref", "branch")) if here else branch in _USUAL)

    def release(self, reference: Reference) -> str:
        """The release that a source takes, whose files need not be these; a cluster begins in these all the same.

        A commit is what `promote` and the like pin, which these files become.
        """
        reference, _ = self.origin(reference)
        found = self.find(reference) if reference != self.root else None
        ref = mapping(found.get("spec", "ref")) if found and found.kind == "GitRepository" else {}
        return next((f"{kind} {text(ref.get(kind))!r}" for kind in ("tag", "semver") if ref.get(kind)), "")

    def _addresses(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Every repository that is looked at, with its addresses; where the cluster begins, its source is one."""
        known = self.repository.conventions
        root = self.find(self.root) if self.root else None
        url = text(root.get("spec", "url")) if root else ""
        for home, urls in (("", known.repository_urls), *((each.directory, each.urls) for each in known.beside)):
            yield home, (*urls, url) if home == self.begins_in else urls

    def left(self, reference: Reference) -> frozenset[str]:
        """Every file that a source leaves of the repository."""
        if cut := self.cuts.get(reference):
            files, home = self.left(cut.source), self.home(cut.source) or ""
            return frozenset(path for each in cut.directories for path in below(files, posixpath.join(home, each)))
        found = self.find(reference)
        said = found.get("spec", "ignore") if found else None
        key = self.home(reference) or "", said if isinstance(said, str) else None, checked_out(found)
        if key not in self._left:
            self._left[key] = frozenset(self._leaves(*key))
        return self._left[key]

    def _leaves(self, home: str, ignore: str | None, checked_out: tuple[str, ...]) -> Iterator[str]:
        """The files that are checked out of a repository, but for those that patterns, from its root on, ignore."""
        known, cut = self.repository.conventions, len(home) + 1 if home else 0
        texts = {path[cut:]: text for path, text in self.ignore_files.items() if known.home(path) == home}
        ignored = Ignored(ignore, texts)
        everything = self.repository.others | frozenset(self.repository.files)
        own = (path for path in everything if known.home(path) == home and path[cut:] not in ignored)
        return (path for path in own if not checked_out or path[cut:].startswith(checked_out))


def checked_out(source: Manifest | None) -> tuple[str, ...]:
    """What the paths begin with that a GitRepository takes alone; empty where it takes everything (go-git 5.19)."""
    told = sequence(source.get("spec", "sparseCheckout")) if source and source.kind == "GitRepository" else ()
    return tuple(item.removeprefix("./") for item in told if isinstance(item, str))


def ignore_files(repository: Repository, read: Callable[[str], str]) -> dict[str, str]:
    """The text of every ignore file, by path."""
    found = (path for path in repository.others if path.rpartition("/")[2] == NAME)
    return {path: read(path) for path in sorted(found)}


def below(files: frozenset[str], directory: str) -> list[str]:
    """The files below a directory."""
    prefix = f"{directory}/" if directory else ""
    return [path for path in files if path.startswith(prefix)]
