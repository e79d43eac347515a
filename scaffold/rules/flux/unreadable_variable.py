"""An object holds text that looks like a variable, and that Flux cannot read.

Where a Kustomization has any variable, everything in `${…}` is read, the shell of a script too; of that Flux knows a
part only, so `${name-default}` and `${name[0]}` stop the whole build. `$${…}` stands for the text itself, and an object
with the annotation `kustomize.toolkit.fluxcd.io/substitute: disabled` is left as it is.

Fails:

    # sync.yaml
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
      postBuild:
        substitute:
          stage: production
    # apps/script.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      run.sh: cd "${BASH_SOURCE[0]%/*}"

Passes:

    # sync.yaml
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
      postBuild:
        substitute:
          stage: production
    # apps/script.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      run.sh: cd "$${BASH_SOURCE[0]%/*}" && echo $(pwd) $HOME
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity

ID = "unreadable-variable"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_REMEDY = "write `$${` for the text itself, or switch substitution off for this object"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every object whose text cannot be read, or is no YAML once it is substituted."""
    for overlay in repository.overlays.values():
        for refusal in overlay.refused:
            if refusal.name:
                continue
            manifest = next(manifest for manifest in overlay.manifests if manifest.identity == refusal.identity)
            what = f"holds {refusal.expression}, which" if refusal.expression else "with its variables"
            fact = f"{manifest.kind} {manifest.name!r} {what} cannot be read ({refusal.reason}), so nothing is built"
            yield Finding(manifest.place(*refusal.pointer), ID, f"{fact}; {_REMEDY}", subject=refusal.reason)
