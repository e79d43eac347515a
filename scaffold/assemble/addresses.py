"""Which addresses mean this repository, also where nobody has said so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scaffold.expand.urls import normalize
from scaffold.model import Beside, Manifest, Repository, mapping, sequence
from scaffold.model.values import text

_PARTS = re.compile(r"(?:[a-z+]+://)?(?:[^@/]+@)?(?P<host>[^/:]+)(?::\d+)?[/:](?P<path>.+?)(?:\.git)?/?\Z")


def of_this(repository: Repository, manifests: Iterable[Manifest]) -> tuple[str, ...]:
    """The addresses in use that are this repository's.

    A declared address, or that of the remote, counts in any scheme, though only a chart may use another one. Where none
    of the addresses in use is declared, the one whose paths are mostly here is taken.
    """
    known = repository.conventions
    elsewhere = {_key(url) for each in known.beside for url in each.urls}
    uses = {url: paths for url, paths in _used(manifests).items() if _key(url) not in elsewhere}
    found = _declared(known.repository_urls, uses) or _likely(repository, uses)
    return (*found, *known.repository_urls, *(other for url in known.repository_urls for other in _schemes(url)))


def _schemes(url: str) -> tuple[str, ...]:
    """An address over HTTPS and over SSH, both as Git and Argo CD write it."""
    found = _PARTS.match(url)
    return (f"https://{found['host']}/{found['path']}", f"git@{found['host']}:{found['path']}") if found else ()


def of(beside: Beside, manifests: Iterable[Manifest]) -> tuple[str, ...]:
    """The addresses of a repository beside this one, with those in use that mean it in another scheme."""
    return tuple(_declared(beside.urls, _used(manifests))) + beside.urls


def deployed(repository: Repository) -> frozenset[str]:
    """The addresses by which applications deploy from this repository, at whatever revision, normalized."""
    return repository.once(_deployed)


def own(repository: Repository) -> frozenset[str]:
    """The addresses that mean this repository, be it to Argo CD or to Flux, for what no engine reads."""
    return repository.once(_own)


def _own(repository: Repository) -> frozenset[str]:
    used = of_this(repository, repository.manifests("argoproj.io/Application", "argoproj.io/ApplicationSet"))
    return frozenset((*used, *deployed(repository), *_synced(repository)))


def _synced(repository: Repository) -> Iterator[str]:
    """The addresses of the sources by which Flux builds from this repository."""
    sources = repository.manifests("source.toolkit.fluxcd.io/GitRepository")
    known = {(item.namespace, item.name): text(item.get("spec", "url")) for item in sources}
    syncs = (sync.manifest for cluster in repository.flux for sync in cluster.syncs if sync.here and not sync.home)
    for sync in syncs:
        source = mapping(sync.get("spec", "sourceRef"))
        yield known.get((text(source.get("namespace")) or sync.namespace, text(source.get("name"))), "")


def _deployed(repository: Repository) -> frozenset[str]:
    sources = (source for item in repository.applications for source in item.sources)
    here = (source.repo_url for source in sources if source.here)
    return frozenset(map(normalize, (*here, *repository.conventions.repository_urls)))


def _used(manifests: Iterable[Manifest]) -> dict[str, list[str]]:
    """The addresses in use, each with its paths."""
    uses: dict[str, list[str]] = {}
    for manifest in manifests:
        for url, path in _uses(manifest.data):
            uses.setdefault(url, []).append(path)
    return uses


def _declared(urls: Iterable[str], uses: Iterable[str]) -> list[str]:
    declared = {_key(url) for url in urls}
    return [url for url in uses if _key(url) in declared]


def in_use(repository: Repository) -> Iterator[str]:
    """Every address that the engine's objects read: of applications, of generators, of sources."""
    for application in repository.applications:
        yield from (source.repo_url for source in application.sources)
    for item in repository.sets:
        yield from (url for url, _ in _uses(item.manifest.data))
    for manifest in repository.manifests("source.toolkit.fluxcd.io/GitRepository"):
        yield text(manifest.get("spec", "url"))


def same(url: str, others: Iterable[str]) -> bool:
    """Tell whether an address is one of some others, in whatever scheme."""
    return bool(url) and _key(url) in {_key(other) for other in others}


def bare(urls: Iterable[str]) -> frozenset[str]:
    """Addresses as Atlantis names repositories: a host and a path, without a scheme."""
    return frozenset(f"{found['host']}/{found['path']}" for url in urls if (found := _PARTS.match(url)))


def _key(url: str) -> str:
    found = _PARTS.match(url.lower())
    return f"{found['host']}/{found['path']}" if found else url.lower()


def _likely(repository: Repository, uses: Mapping[str, list[str]]) -> list[str]:
    shares = {url: _share(repository, paths) for url, paths in uses.items()}
    best = max(shares.values(), default=0.0)
    return [url for url, share in shares.items() if share == best] if best >= 0.5 else []


def _share(repository: Repository, paths: list[str]) -> float:
    """How many of an address's paths, as far as they are literal, are in this tree."""
    literal = [path.strip("/").removeprefix("./") for path in paths]
    there = [path for path in literal if path in repository.paths]
    return len(there) / len(literal) if literal else 0.0


def _uses(value: Any) -> Iterator[tuple[str, str]]:
    """Every address with a path in a manifest; of a path with a variable or a star, the part before it."""
    if isinstance(value, Mapping):
        url = value.get("repoURL")
        if isinstance(url, str) and "{{" not in url and not value.get("chart"):
            yield from ((url, path) for path in _paths(value))
        for item in value.values():
            yield from _uses(item)
    elif isinstance(value, list):
        for item in value:
            yield from _uses(item)


def _paths(value: Mapping[str, Any]) -> Iterator[str]:
    entries = [value.get("path")]
    for field in ("directories", "files"):
        entries += [
            mapping(item).get("path") for item in sequence(value.get(field)) if not mapping(item).get("exclude")
        ]
    for path in entries:
        if isinstance(path, str) and path:
            literal = re.split(r"[*{?\[]", path, maxsplit=1)[0]
            cut = literal if literal == path else literal.rpartition("/")[0]
            if cut:
                yield cut
