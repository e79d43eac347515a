"""OCI artifacts that pipelines, scripts or manuals of a repository make of its directories, by `flux push artifact`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from scaffold.assemble.flux import written
from scaffold.model import Manifest, Repository, Sync
from scaffold.model.flux import Reference
from scaffold.model.values import text

_PIPELINE = re.compile(
    r"(?:\.(?:github|gitea|forgejo)/workflows/[^/]+|\.gitlab-ci)\.ya?ml\Z|.*\.(?:sh|md)\Z|(?:.*/)?Makefile\Z"
)
_PUSH = re.compile(
    r"\bflux push artifact\b(?:\s+[\"']?oci://[^\s\"':]*(?::\d+)?/(?P<name>[\w.-]+))?(?:[^\n]|\\\n)*?"
    r"\s(?:--path|-f)[= ]+[\"']?(?P<path>[\w./-]+)"
)
_CERTAIN = 3  # directories that are where paths say, however many Kustomizations of old name what is gone


def pipelines(repository: Repository) -> list[str]:
    """The files that may push one."""
    everything = repository.others | frozenset(repository.files)
    return sorted(path for path in everything if _PIPELINE.match(path))


class Pushed(NamedTuple):
    """A directory, by its path from the root of the repository, and the last part of its address, if told."""

    name: str
    path: str


def directories(texts: Iterable[str]) -> frozenset[Pushed]:
    """What is pushed."""
    found = (match for text in texts for match in _PUSH.finditer(text))
    return frozenset(Pushed(m["name"] or "", posixpath.normpath(f"/{m['path']}").strip("/")) for m in found)


def places(
    repository: Repository, everything: Iterable[Manifest], pushed: frozenset[Pushed]
) -> Mapping[Reference, str]:
    """The directory that each OCIRepository holds.

    The one that is pushed to its address, else that which the paths of its Kustomizations are in.
    """
    paths: dict[Reference, set[str]] = {}
    named = {item.name: item.path for item in pushed if item.name}
    known: dict[Reference, str] = {}
    for manifest in everything:
        source = Sync(manifest, "", here=False).source
        if manifest.kind == "OCIRepository":
            name = text(manifest.get("spec", "url")).rpartition("/")[2]
            if name in named and named[name] in repository.directories:
                known[Reference(manifest.kind, manifest.namespace, manifest.name)] = named[name]
        elif written.is_sync(manifest) and source.kind == "OCIRepository":
            paths.setdefault(source, set()).add(written.path_of(manifest))
    return {**dict(_fitting(repository, paths, frozenset(item.path for item in pushed))), **known}


def _fitting(
    repository: Repository, paths: Mapping[Reference, set[str]], pushed: frozenset[str]
) -> Iterator[tuple[Reference, str]]:
    for source, wanted in paths.items():
        plain = [path for path in wanted if path and "${" not in path]
        often = {start: sum(_at(start, path) in repository.directories for path in plain) for start in pushed}
        best = max(often, key=lambda start: often[start], default="")
        fits = often.get(best, 0)
        if (2 * fits > len(plain) or fits >= _CERTAIN) and list(often.values()).count(fits) == 1:
            yield source, best


def _at(start: str, path: str) -> str:
    return posixpath.join(start, path)
