"""Which directories are built, how, and where each belongs."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping

from scaffold import load
from scaffold.assemble import flux, patterns, ranks
from scaffold.model import (
    Build,
    Conventions,
    Head,
    How,
    Kustomization,
    Overlay,
    Reference,
    Repository,
    SourceFile,
    sequence,
)

_TOOLS = re.compile(
    r"(?:(?:[a-z-]+\.)*config|kubeadm|audit|apiserver|client\.authentication|(?:minikube|kind)\.sigs)\.k8s\.io/"
    r"|kind\.x-k8s\.io/|(?:chainsaw|cli)\.kyverno\.io/|k3d\.io/|k0sctl\.k0sproject\.io/|eksctl\.io/|kuttl\.dev/"
    r"|ctlptl\.dev/|backstage\.io/|viaduct\.ai/|descheduler/|skaffold/|builtin\Z"
)


_ENTERED = frozenset(("bases", "resources"))
_INFLATOR = "HelmChartInflationGenerator"


def placed(path: str, how: How, conventions: Conventions, reads: Iterable[str] = ()) -> Overlay:
    """An overlay with team, application, environment and Kubernetes version, as far as its path says."""
    parts = patterns.parts(path, conventions.paths)
    environment, own = parts.get("environment", ""), _cluster(path, conventions)
    return Overlay(
        path,
        how,
        environment="" if own and conventions.environment(environment) else environment,
        team=parts.get("team", conventions.owner(path) if "application" in parts else ""),
        application=parts.get("application", ""),
        kubernetes_version=_version(environment, own, conventions),
        reads=tuple(reads),
    )


def _cluster(path: str, conventions: Conventions) -> str:
    """The declared cluster that a directory of the platform is for; an environment may be called like it."""
    name = patterns.cluster(path)
    return name if conventions.cluster(name) else ""


def _version(environment: str, own: str, conventions: Conventions) -> str:
    found = conventions.environment(environment)
    # What is a cluster's is named after it.
    cluster = conventions.cluster(own or (found.cluster if found else environment))
    if cluster:
        return cluster.kubernetes_version
    versions = {cluster.kubernetes_version for cluster in conventions.clusters}
    return versions.pop() if len(versions) == 1 else ""


def kustomized(
    kustomizations: Mapping[str, Kustomization],
    entries: frozenset[str],
    files: Mapping[str, SourceFile],
    paths: frozenset[str],
    conventions: Conventions,
) -> Iterator[Overlay]:
    """The kustomizations that nobody else builds on, those that an engine names, and parts of what cannot be built."""
    used = {
        reference.target for item in kustomizations.values() for reference in item.references if not reference.remote
    }
    whole = sorted(directory for directory, item in kustomizations.items() if not item.is_component)
    tops = [directory for directory in whole if directory not in used or directory in entries]
    for directory in [*tops, *_circles(whole, tops, kustomizations)]:
        overlay = placed(directory, How.KUSTOMIZE, conventions)
        yield _with_reads(overlay, load.closure(directory, kustomizations), kustomizations, files, paths)
    for directory in _parts(tops, kustomizations):
        part = placed(directory, How.KUSTOMIZE, conventions)
        part = _with_reads(part, load.closure(directory, kustomizations), kustomizations, files, paths)
        if not (part.skipped or part.error):
            yield dataclasses.replace(part, partial=True)


def _parts(tops: list[str], kustomizations: Mapping[str, Kustomization]) -> Iterator[str]:
    """The largest parts of far kustomizations that are not far: what is here of them is looked at as far as it goes."""
    seen = set(tops)
    waiting = [directory for directory in tops if load.is_far(directory, kustomizations)]
    while waiting:
        for reference in kustomizations[waiting.pop()].references:
            inner = kustomizations.get(reference.target) if reference.field in _ENTERED else None
            if inner is None or inner.is_component or reference.remote or inner.directory in seen:
                continue
            seen.add(inner.directory)
            if load.is_far(inner.directory, kustomizations):
                waiting.append(inner.directory)
            else:
                yield inner.directory


def synced(repository: Repository, planned: Iterable[flux.Planned], conventions: Conventions) -> Iterator[Overlay]:
    """What Flux builds, with the environment of its cluster where the path names none, or none that anybody knows."""
    divided = (part for path, build in planned for part in _divided(repository, path, build))
    for path, build in divided:
        overlay = placed(path, How.FLUX, conventions)
        own = placed(build.cluster, How.FLUX, conventions)
        if not overlay.environment or (own.environment and not _is_stage(overlay.environment, conventions)):
            overlay = dataclasses.replace(
                overlay, environment=own.environment, kubernetes_version=own.kubernetes_version
            )
        overlay = dataclasses.replace(overlay, build=build)
        closure = _entered(repository, path, build)
        yield _with_reads(overlay, closure, repository.kustomizations, repository.files, repository.paths)


def _is_stage(name: str, conventions: Conventions) -> bool:
    """Tell an environment from what else `overlays/` may hold, such as variants of parts of a cluster."""
    return conventions.environment(name) is not None or ranks.rank(name) is not None


def _divided(repository: Repository, path: str, build: Build) -> Iterator[tuple[str, Build]]:
    """A build, or that of what is here of the resources listed for it, and each of the others by itself."""
    known, name = repository.kustomizations, build.name or path
    far = [item for item in build.listed or () if item in known and _is_far(repository, item)]
    near = tuple(item for item in build.listed or () if item not in far)
    if not (far and near):
        yield path, build
        return
    yield path, dataclasses.replace(build, listed=near)
    for item in far:
        yield item, dataclasses.replace(build, name=f"{item} of {name}", listed=(item,), whole=name)


def _is_far(repository: Repository, directory: str) -> bool:
    """Tell whether a build of a directory fetches a resource or a chart."""
    known = repository.kustomizations
    inner = load.closure(directory, known)[0]
    return load.is_far(directory, known) or any(_inflates(known[each], repository.files) for each in inner)


def _entered(repository: Repository, path: str, build: Build) -> tuple[list[str], list[Reference]]:
    """The kustomizations that a build of Flux enters, and the files that it ends in."""
    entered: dict[str, None] = {}
    leaves: list[Reference] = []
    for start in flux.starts(path, build):
        if start in repository.kustomizations:
            directories, files = load.closure(start, repository.kustomizations)
            entered.update(dict.fromkeys(directories))
            leaves += files
        else:
            leaves.append(Reference("resources", start, start, ()))
    return list(entered), leaves


def _circles(whole: list[str], tops: list[str], kustomizations: Mapping[str, Kustomization]) -> Iterator[str]:
    """One directory of every circle of kustomizations, which nothing enters from outside."""
    entered = {inner for directory in tops for inner in load.closure(directory, kustomizations)[0]}
    for directory in whole:
        if directory not in entered:
            entered.update(load.closure(directory, kustomizations)[0])
            yield directory


def _with_reads(
    overlay: Overlay,
    closure: tuple[list[str], list[Reference]],
    kustomizations: Mapping[str, Kustomization],
    files: Mapping[str, SourceFile],
    paths: frozenset[str],
) -> Overlay:
    """What a build will read, and why it need not be tried."""
    entered, leaves = closure
    reads = dict.fromkeys(kustomizations[directory].manifest.path for directory in entered)
    local = [leaf.target for leaf in leaves if not leaf.remote]
    reads.update(dict.fromkeys(target for target in local if not _leaves_root(target) or target in paths))
    skipped = next((_remote(reference.text) for reference in leaves if reference.remote), "")
    inflated = next((directory for directory in entered if _inflates(kustomizations[directory], files)), None)
    if inflated is not None:
        skipped = skipped or f"{inflated or '.'} inflates a chart, which needs the network"
    missing = next((r.target for r in leaves if not r.remote and r.target not in paths), "")
    error = f"{missing!r} is not there" if missing else ""
    return dataclasses.replace(overlay, reads=tuple(reads), skipped=skipped, error=error)


def _leaves_root(target: str) -> bool:
    """Tell whether a path leads out of the repository, where nothing is read but what stands beside it."""
    return target.startswith(("../", "/")) or target == ".."


def _remote(text: str) -> str:
    return f"remote resource {text!r} needs the network"


def _inflates(item: Kustomization, files: Mapping[str, SourceFile]) -> bool:
    """Tell whether a kustomization names a chart, in its own words or in a file of one of its generators."""
    if item.manifest.get("helmCharts") or item.manifest.get("helmChartInflationGenerator"):
        return True
    named = (reference.target for reference in item.references if reference.field == "generators")
    told = any(head.kind == _INFLATOR for path in named if path in files for head in files[path].heads)
    return told or any(_INFLATOR in str(text) for text in sequence(item.manifest.get("generators")))


def plain(
    files: Mapping[str, SourceFile], read: frozenset[str], owned: frozenset[str], conventions: Conventions
) -> Iterator[Overlay]:
    """Directories of manifests that no kustomization reads: an engine, or somebody, applies them as they are.

    A file that says more of objects which one beside it declares for a kustomization is a patch that nothing reads.
    """
    by_directory: dict[str, list[str]] = {}
    declared = {(files[path].directory, *_object(head)) for path in read & files.keys() for head in files[path].heads}
    for path, file in files.items():
        hidden = path.rpartition("/")[2].startswith(".")
        if path in read or file.directory in owned or hidden:
            continue
        heads = [head for head in file.heads if is_object(head.api_version)]
        if any((file.directory, *_object(head)) not in declared for head in heads):
            by_directory.setdefault(file.directory, []).append(path)
    for directory, paths in sorted(by_directory.items()):
        yield placed(directory, How.PLAIN, conventions, sorted(paths))


def _object(head: Head) -> tuple[str, str, str]:
    return head.group, head.kind, head.name


def is_object(api_version: str) -> bool:
    """Tell an API object from the configuration of a tool that borrows the form."""
    return not _TOOLS.match(api_version)
