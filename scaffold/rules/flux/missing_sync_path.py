"""A Kustomization of Flux builds a directory that its source does not hold.

The path counts from the root of the source, and what the source ignores is not there, be it another repository. Nothing
is applied, and what was applied before stays as it is.

Fails:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps/prod
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # apps/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: fast

Passes:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps/production
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # apps/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: fast
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from scaffold.assemble.flux import begun, sources
from scaffold.expand.flux.ignoring import hides
from scaffold.model import Finding, FluxCluster, Repository, Severity, Sync, sequence
from scaffold.model.flux import Reference
from scaffold.model.values import is_of_shell, is_to_fill_in, text
from scaffold.nearest import near

ID = "missing-sync-path"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_IGNORED = "which its source {!r} ignores; mend its ignore, or the path"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every Kustomization whose source is this repository, and leaves nothing at its path."""
    for cluster in repository.flux:
        ignored = _ignored(cluster)
        for sync in cluster.syncs:
            if sync.here and not sync.present and not (is_of_shell(sync.path) or is_to_fill_in(sync.path)):
                subject, place = begun.who(repository, sync)
                message = f"{subject} builds {sync.path!r}, {_fact(repository, cluster, sync)}"
                yield Finding(place, ID, message, subject=f"{sync.manifest.name}/{sync.path}")
            elif not sync.here and _is_hidden(ignored, sync):
                fact = f"builds {sync.path!r}, {_IGNORED.format(sync.source.name)}"
                place, subject = sync.manifest.place("spec", "path"), f"{sync.manifest.name}/{sync.path}"
                yield Finding(place, ID, f"Kustomization {sync.manifest.name!r} {fact}", subject=subject)
            elif sync.here and not sync.manifest.get("spec", "ignoreMissingComponents"):
                yield from _components(repository, sync)


def _ignored(cluster: FluxCluster) -> dict[Reference, str]:
    """What the sources of a cluster ignore themselves, but for those that take other sources in."""
    known = (m for m in cluster.of_kinds("GitRepository", "Bucket") if not m.get("spec", "include"))
    return {Reference(m.kind, m.namespace, m.name): text(m.get("spec", "ignore")) for m in known}


def _is_hidden(ignored: Mapping[Reference, str], sync: Sync) -> bool:
    """Tell whether a source that nobody has here leaves nothing at a path by what it ignores itself."""
    ignore = ignored.get(sync.source, "") if ignored else ""
    return bool(sync.path) and "${" not in f"{sync.path}{ignore}" and hides(ignore, sync.path)


def _components(repository: Repository, sync: Sync) -> Iterator[Finding]:
    """The components that are added to what is there, by their paths from it."""
    for index, told in enumerate(sequence(sync.manifest.get("spec", "components"))):
        path = posixpath.normpath(posixpath.join(sync.path, str(told)))
        if "${" not in path and "://" not in str(told) and path not in repository.directories:
            guess = near(path, repository.directories)
            remedy = f"did you mean {guess!r}?" if guess else "name a directory that is there"
            fact = f"Kustomization {sync.manifest.name!r} adds component {path!r}, which is no directory"
            place = sync.manifest.place("spec", "components", index)
            yield Finding(place, ID, f"{fact}; {remedy}", subject=f"{sync.manifest.name}/{path}")


def _fact(repository: Repository, cluster: FluxCluster, sync: Sync) -> str:
    if sync.path in repository.directories and sync.source.kind == "ExternalArtifact":
        return f"which its artifact {sync.source.name!r} does not hold; copy it there, or mend the path"
    if sync.path in repository.directories and _is_left_out(cluster, sync):
        return f"which its source {sync.source.name!r} does not check out; add it to sparseCheckout, or mend the path"
    if sync.path in repository.directories:
        return _IGNORED.format(sync.source.name)
    guess = near(sync.path, repository.directories)
    remedy = f"did you mean {guess!r}?" if guess else "name a directory that is there"
    return f"which is no directory; {remedy}"


def _is_left_out(cluster: FluxCluster, sync: Sync) -> bool:
    """Tell whether the source takes only directories of its repository, and not this one."""
    named = (m for m in cluster.of_kinds("GitRepository") if (m.namespace, m.name) == sync.source[1:])
    starts = sources.checked_out(next(named, None))
    path = f"{sync.path.removeprefix(sync.home).lstrip('/')}/"
    return bool(starts) and not any(path.startswith(start) or start.startswith(path) for start in starts)
