"""A kustomization that Flux builds names a file that its source leaves out.

The `ignore` of a source, and each `.sourceignore`, decide what comes into a cluster; a kustomization that names a file
which does not come cannot be built.

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
from scaffold.model import Finding, Place, Repository, Severity

ID = "ignored-resource"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every file that is named and left out."""
    for cluster in repository.flux:
        for sync in cluster.syncs:
            for path in sync.ignored:
                cut = sync.source.kind == "ExternalArtifact"
                how, remedy = ("not copied to", "copy it too") if cut else ("ignored by", "mend the ignore")
                fact = f"{path!r} is {how} {sync.source}, so Kustomization {sync.manifest.name!r} cannot be built"
                message = f"{fact}; {remedy}, or do not name the file"
                yield Finding(
                    _place(repository, sync.path, path) or sync.manifest.place("spec", "path"),
                    ID,
                    message,
                    subject=path,
                )


def _place(repository: Repository, directory: str, path: str) -> Place | None:
    """The reference to a file, or to the directory that it is the kustomization of; None where none is built."""
    parent, _, name = path.rpartition("/")
    wanted = {path, parent} if name in KUSTOMIZATION_NAMES else {path}
    known = repository.kustomizations
    # Where Flux writes the kustomization itself, it takes those below.
    below = sorted(each for each in known if directory == "." or f"{each}/".startswith(f"{directory}/"))
    for entered in load.closure(directory, known)[0] if directory in known else below:
        item = known[entered]
        for reference in item.references:
            if reference.target in wanted and reference.target != directory:
                return item.place(*reference.pointer)
    first = directory if directory in known else next(iter(below), None)
    return None if first is None else known[first].place()
