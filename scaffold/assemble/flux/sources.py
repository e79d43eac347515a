"""Which sources of Flux are this repository, and what each leaves of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from scaffold.assemble import addresses
from scaffold.expand.flux.ignoring import NAME, Ignored
from scaffold.model import Manifest, Repository
from scaffold.model.flux import Reference
from scaffold.model.values import text

GROUP = "source.toolkit.fluxcd.io"


@dataclass
class Sources:
    """The sources of one cluster; `objects` are those known so far, `root` the one that the cluster begins with."""

    repository: Repository
    ignore_files: Mapping[str, str]
    written: Mapping[Reference, Manifest]
    root: Reference | None = None
    objects: dict[Reference, Manifest] = field(default_factory=dict)
    _left: dict[str | None, frozenset[str]] = field(default_factory=dict)

    def find(self, reference: Reference) -> Manifest | None:
        """The object of a source: the cluster's, else the one that some file declares."""
        return self.objects.get(reference) or self.written.get(reference)

    def is_here(self, reference: Reference) -> bool:
        """Tell whether a source is this repository, at whatever revision."""
        if reference == self.root:
            return True
        found = self.find(reference)
        if found is None or found.kind != "GitRepository":
            return False
        url = text(found.get("spec", "url"))
        return addresses.same(url, self._own_addresses())

    def _own_addresses(self) -> Iterable[str]:
        yield from self.repository.conventions.repository_urls
        root = self.find(self.root) if self.root else None
        if root is not None and text(root.get("spec", "url")):
            yield text(root.get("spec", "url"))

    def left(self, reference: Reference) -> frozenset[str]:
        """Every file that a source leaves of the repository."""
        found = self.find(reference)
        said = found.get("spec", "ignore") if found else None
        ignore = said if isinstance(said, str) else None
        if ignore not in self._left:
            ignored = Ignored(ignore, self.ignore_files)
            everything = self.repository.others | frozenset(self.repository.files)
            self._left[ignore] = frozenset(path for path in everything if path not in ignored)
        return self._left[ignore]


def ignore_files(repository: Repository, read: Callable[[str], str]) -> dict[str, str]:
    """The text of every ignore file, by path."""
    found = (path for path in repository.others if path.rpartition("/")[2] == NAME)
    return {path: read(path) for path in sorted(found)}


def below(files: frozenset[str], directory: str) -> list[str]:
    """The files below a directory."""
    prefix = f"{directory}/" if directory else ""
    return [path for path in files if path.startswith(prefix)]
