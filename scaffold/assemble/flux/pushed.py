"""OCI artifacts that a repository's own pipeline makes of one of its directories, by `flux push artifact`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from scaffold.assemble.flux import written
from scaffold.model import Manifest, Repository, Sync
from scaffold.model.flux import Reference

_PIPELINE = re.compile(r"(?:\.(?:github|gitea|forgejo)/workflows/[^/]+|\.gitlab-ci)\.ya?ml\Z")
_PUSH = re.compile(r"\bflux push artifact\b(?:[^\n]|\\\n)*?\s(?:--path|-f)[= ]+[\"']?([\w./-]+)")
_CERTAIN = 3  # directories that are where paths say, however many Kustomizations of old name what is gone


def pipelines(repository: Repository) -> list[str]:
    """The files that may push one."""
    everything = repository.others | frozenset(repository.files)
    return sorted(path for path in everything if _PIPELINE.match(path))


def directories(texts: Iterable[str]) -> frozenset[str]:
    """What is pushed, by paths from the root of the repository."""
    found = (posixpath.normpath(f"/{path}").strip("/") for text in texts for path in _PUSH.findall(text))
    return frozenset(found)


def places(repository: Repository, everything: Iterable[Manifest], pushed: frozenset[str]) -> Mapping[Reference, str]:
    """The directory that each OCIRepository holds: the one that the paths of its Kustomizations are in."""
    paths: dict[Reference, set[str]] = {}
    for manifest in everything:
        source = Sync(manifest, "", here=False).source
        if written.is_sync(manifest) and source.kind == "OCIRepository":
            paths.setdefault(source, set()).add(written.path_of(manifest))
    return dict(_fitting(repository, paths, pushed))


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
