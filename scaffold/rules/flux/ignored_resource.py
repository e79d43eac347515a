"""A kustomization that Flux builds names a file that its source leaves out.

The `ignore` of a source, and each `.sourceignore`, decide what comes into a cluster; a kustomization that names a file
which does not come cannot be built. Several such files are told once for each kustomization that names them, and what
is only named by a kustomization that does not come is not told.

Fails:

    # clusters/production/sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./clusters/production
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    ---
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 5m
      url: https://git.example.com/platform/fleet.git
      ref:
        branch: main
      ignore: |
        draft.yaml
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # apps/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
      - draft.yaml
    # apps/draft.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: draft
      namespace: web
    data:
      mode: fast
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: fast

Passes:

    # clusters/production/sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./clusters/production
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    ---
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 5m
      url: https://git.example.com/platform/fleet.git
      ref:
        branch: main
      ignore: |
        draft.yaml
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # apps/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: fast
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold import load
from scaffold.discover import KUSTOMIZATION_NAMES
from scaffold.model import Finding, Place, Repository, Severity, Sync

ID = "ignored-resource"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every kustomization that names files which are left out."""
    for cluster in repository.flux:
        for sync in cluster.syncs:
            found: dict[str, list[tuple[Place, str]]] = {}
            for path in sync.ignored:
                if place := _place(repository, sync, path):
                    found.setdefault(place.path, []).append((place, path))
            yield from (_finding(sync, each) for each in found.values())


def _finding(sync: Sync, named: list[tuple[Place, str]]) -> Finding:
    (place, first), more = min(named, key=lambda each: [f"{key:>6}" for key in each[0].pointer]), len(named) - 1
    others = f" and {more} more file{'s' if more > 1 else ''} are" if more else " is"
    cut = sync.source.kind == "ExternalArtifact"
    how, remedy = ("not copied to", "copy") if cut else ("ignored by", "mend the ignore")
    remedy = f"{remedy} {'them' if more else 'it'} too" if cut else remedy
    fact = f"{first!r}{others} {how} {sync.source}, so Kustomization {sync.manifest.name!r} cannot be built"
    message = f"{fact}; {remedy}, or do not name the file{'s' if more else ''}"
    return Finding(place, ID, message, subject=first)


def _place(repository: Repository, sync: Sync, path: str) -> Place | None:
    """The reference to a file, or to the directory that it is the kustomization of, else what is built.

    None where only a kustomization names it that is left out itself.
    """
    directory, known, lost = sync.path, repository.kustomizations, False
    parent, _, name = path.rpartition("/")
    wanted = {path, parent} if name in KUSTOMIZATION_NAMES else {path}
    # Where Flux writes the kustomization itself, it takes those below.
    below = sorted(each for each in known if directory == "." or f"{each}/".startswith(f"{directory}/"))
    for entered in load.closure(directory, known)[0] if directory in known else below:
        item = known[entered]
        for reference in item.references:
            if reference.target in wanted and reference.target != directory:
                if item.manifest.path not in sync.ignored:
                    return item.place(*reference.pointer)
                lost = True
    first = directory if directory in known else next(iter(below), None)
    if lost:
        return None
    return sync.manifest.place("spec", "path") if first is None else known[first].place()
