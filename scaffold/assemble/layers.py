"""Which objects a kustomization's own patches see, as far as files tell without building."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold import load
from scaffold.expand import regexes
from scaffold.model import Head, Kustomization, Repository, dig, mapping, sequence

_OPAQUE = ("generators", "transformers", "helmCharts", "helmChartInflationGenerator", "vars")
_FILES = ("resources", "bases")
_DEEPEST = 50
_NAME = re.compile(r"[A-Za-z0-9-]+\Z")  # as a pattern it matches itself and nothing else


class Candidate(NamedTuple):
    """An object below a layer, with every name and namespace that it has had on its way."""

    head: Head
    names: set[str]
    namespaces: set[str]


Known = dict[str, list[Candidate]]


def before_patches(repository: Repository, directory: str, known: Known | None = None) -> list[Candidate] | None:
    """The objects that the patches of a directory may select; None where something in it cannot be known from files.

    Kustomize 5.8 matches a target against an object's names before and after each renaming. `known` holds what has been
    found for other directories of the repository, and gets more.
    """
    try:
        return _candidates(repository, directory, {} if known is None else known, 0)
    except _UnknownError:
        return None


def built(
    repository: Repository, directory: str, listed: tuple[str, ...] | None, known: Known | None = None
) -> list[Candidate] | None:
    """The same for what Flux builds at a directory, where `listed` are the resources of one without a kustomization."""
    known = {} if known is None else known
    if listed is None:
        return before_patches(repository, directory, known)
    try:
        return [found for path in listed for found in _resource(repository, path, known, 0)]
    except _UnknownError:
        return None


class _UnknownError(Exception):
    """A remote resource, a generator or a file that cannot be read stands in the way."""


def _candidates(repository: Repository, directory: str, known: Known, depth: int) -> list[Candidate]:
    if directory not in known:
        known[directory] = list(_found(repository, directory, known, depth))
    return known[directory]


def _found(repository: Repository, directory: str, known: Known, depth: int) -> Iterator[Candidate]:
    item = repository.kustomizations[directory]
    if depth > _DEEPEST or any(item.manifest.data.get(field) for field in _OPAQUE):
        raise _UnknownError
    changes = list(_name_changes(repository, item))
    for candidate in _below(repository, item, known, depth):
        names = {name for target, given in changes if fits(target, candidate) for name in given}
        yield _renamed(item, candidate._replace(names=candidate.names | names))
    for kind, field in (("ConfigMap", "configMapGenerator"), ("Secret", "secretGenerator")):
        for entry in sequence(item.manifest.get(field)):
            head = Head(0, "v1", kind, _text(dig(entry, "name")), _text(dig(entry, "namespace")))
            yield _renamed(item, Candidate(head, {head.name}, {head.namespace}))


def _name_changes(repository: Repository, item: Kustomization) -> Iterator[tuple[Mapping[str, Any], list[str]]]:
    """The targets of patches that may change names, each with the names that they give."""
    for entry in sequence(item.manifest.get("patches")):
        options = mapping(dig(entry, "options"))
        if not (options.get("allowNameChange") or options.get("allowKindChange")):
            continue
        heads = _heads(repository, item, mapping(entry))
        if options.get("allowKindChange") or not heads:
            raise _UnknownError
        yield mapping(dig(entry, "target")), [head.name for head in heads]


def _heads(repository: Repository, item: Kustomization, entry: Mapping[str, Any]) -> tuple[Head, ...]:
    """The objects of a strategic merge patch; a list of operations has none."""
    path, patch = entry.get("path"), entry.get("patch")
    if isinstance(patch, str):
        return load.source_file("", patch.encode()).heads
    file = repository.files.get(posixpath.normpath(posixpath.join(item.directory, _text(path))))
    return file.heads if file else ()


def _below(repository: Repository, item: Kustomization, known: Known, depth: int) -> Iterator[Candidate]:
    for reference in item.references:
        if reference.field not in (*_FILES, "components"):
            continue
        if reference.remote:
            raise _UnknownError
        yield from _resource(repository, reference.target, known, depth)


def _resource(repository: Repository, path: str, known: Known, depth: int) -> Iterator[Candidate]:
    if path in repository.kustomizations:
        yield from _candidates(repository, path, known, depth + 1)
        return
    file = repository.files.get(path)
    if file is None or file.problem or not file.heads:
        raise _UnknownError  # a file without a manifest is filled in later, as by `flux bootstrap`
    yield from (Candidate(head, {head.name}, {head.namespace}) for head in file.heads)


def _renamed(item: Kustomization, candidate: Candidate) -> Candidate:
    data = item.manifest.data
    prefix, suffix, namespace = (_text(data.get(field)) for field in ("namePrefix", "nameSuffix", "namespace"))
    if not prefix and not suffix and not namespace:
        return candidate
    names = candidate.names | {f"{prefix}{name}{suffix}" for name in candidate.names}
    return Candidate(candidate.head, names, candidate.namespaces | ({namespace} if namespace else set()))


def fits(target: Mapping[str, Any], candidate: Candidate) -> bool:
    """Tell whether a patch target selects an object: group and version exactly, the rest by a pattern for the whole."""
    head = candidate.head
    group, _, version = head.api_version.rpartition("/")
    exact = {"group": group, "version": version}
    if any(target.get(key) not in (None, "", value) for key, value in exact.items()):
        return False
    return (
        _matches(target.get("kind"), {head.kind})
        and _matches(target.get("name"), candidate.names)
        and _matches(target.get("namespace"), candidate.namespaces)
    )


def _matches(pattern: object, values: set[str]) -> bool:
    if not isinstance(pattern, str) or not pattern:
        return True
    if _NAME.match(pattern):
        return pattern in values
    if "${" in pattern:  # the end of a text, and letters that follow it
        return False
    return any(regexes.fits(pattern, value) for value in values)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
