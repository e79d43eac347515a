"""An ImageUpdateAutomation has no branch to push to.

Without `push.branch` it pushes to the branch that it checks out, and neither its own `checkout.ref` nor its
GitRepository names one: a tag, a range or a full name is no branch (image-automation-controller 1.2).

Fails:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: images
      namespace: flux-system
    spec:
      interval: 10m
      path: ./images
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # images/update.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: fleet
      namespace: flux-system
    spec:
      interval: 5m
      url: https://git.example.com/fleet.git
      ref:
        tag: v1.2.3
    ---
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImageUpdateAutomation
    metadata:
      name: images
      namespace: flux-system
    spec:
      interval: 30m
      sourceRef:
        kind: GitRepository
        name: fleet
      git:
        commit:
          author:
            email: images@example.com

Passes:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: images
      namespace: flux-system
    spec:
      interval: 10m
      path: ./images
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # images/update.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: fleet
      namespace: flux-system
    spec:
      interval: 5m
      url: https://git.example.com/fleet.git
      ref:
        tag: v1.2.3
    ---
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImageUpdateAutomation
    metadata:
      name: images
      namespace: flux-system
    spec:
      interval: 30m
      sourceRef:
        kind: GitRepository
        name: fleet
      git:
        commit:
          author:
            email: images@example.com
        push:
          branch: images
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, FluxCluster, Manifest, Repository, Severity, mapping
from scaffold.model.flux import referred

ID = "nowhere-to-push"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such automation; where no cluster is built, a patch may name the branch."""
    for cluster in (each for each in repository.flux if each.syncs):
        for manifest in cluster.of_kinds("ImageUpdateAutomation"):
            told = manifest.get("spec", "git")
            named = manifest.get("spec", "git", "push", "branch")
            if isinstance(told, dict) and not named and _checks_out_no_branch(cluster, manifest):
                fact = f"ImageUpdateAutomation {manifest.name!r} has no branch to push to"
                message = f"{fact}, as neither checkout.ref nor its source names one; set git.push.branch"
                yield Finding(manifest.place("spec", "git"), ID, message, SEVERITY, subject=manifest.name)


def _checks_out_no_branch(cluster: FluxCluster, manifest: Manifest) -> bool:
    """Tell whether what is checked out is known, and no branch; a source that no file has is not known."""
    own = manifest.get("spec", "git", "checkout")
    if isinstance(own, dict):
        return not mapping(own.get("ref")).get("branch")
    wanted = referred(manifest, "spec", "sourceRef", kind="GitRepository")
    found = (m for m in cluster.of_kinds("GitRepository") if (m.namespace, m.name) == wanted[1:])
    source = next(found, None)
    return source is not None and not mapping(source.get("spec", "ref")).get("branch")
