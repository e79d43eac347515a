"""A Kustomization of Flux is ready before what it applies is, and others wait for it.

Without `wait` or `healthChecks` a Kustomization is ready as soon as its objects are accepted; an operator or a database
among them may not run yet, so what depends on it begins too early. It is reported once, however many wait, where it
renders something that becomes ready later: workloads, releases, and custom resources that say of themselves that they
are ready, such as certificates and secrets of External Secrets. Definitions and namespaces are waited for anyway
(kustomize-controller 1.9), and settings, permissions and sources need no waiting. Passed over is one that could not
wait, as something that it applies needs, through whatever stands between, what waits for it: each would wait for the
other. So is one of which a comment beside `wait: false` says why, and one whose objects are not known.

Fails:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: infra
      namespace: flux-system
    spec:
      interval: 10m
      path: ./infra
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
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
      dependsOn:
        - name: infra
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: fast
    # infra/database.yaml
    apiVersion: apps/v1
    kind: StatefulSet
    metadata:
      name: database
      namespace: web
    spec:
      serviceName: database
      selector:
        matchLabels:
          app: database
      template:
        metadata:
          labels:
            app: database
        spec:
          containers:
            - name: database
              image: registry.example.com/database:1.0.0

Passes:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: infra
      namespace: flux-system
    spec:
      interval: 10m
      path: ./infra
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
      wait: true
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
      dependsOn:
        - name: infra
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: fast
    # infra/database.yaml
    apiVersion: apps/v1
    kind: StatefulSet
    metadata:
      name: database
      namespace: web
    spec:
      serviceName: database
      selector:
        matchLabels:
          app: database
      template:
        metadata:
          labels:
            app: database
        spec:
          containers:
            - name: database
              image: registry.example.com/database:1.0.0
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from scaffold.assemble.flux import waiting
from scaffold.assemble.flux.waiting import Waits
from scaffold.model import Finding, FluxCluster, Manifest, Place, RenderedObject, Repository, Severity, sequence
from scaffold.model.flux import Reference, Sync

ID = "dependency-without-wait"
SEVERITY = Severity.WARNING
SCOPE = "repository"
PROFILES = ("strict",)
# Those that become ready later than they are accepted, as kstatus sees it: by what it knows of them, or by a condition.
# The first are the ones that tell most.
_LATER = {
    "helm.toolkit.fluxcd.io": ("HelmRelease",),
    "apps": ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"),
    "postgresql.cnpg.io": ("Cluster",),
    "ceph.rook.io": ("CephCluster",),
    "cert-manager.io": ("Certificate", "ClusterIssuer", "Issuer"),
    "external-secrets.io": ("ClusterSecretStore", "ExternalSecret", "SecretStore"),
    "kyverno.io": ("ClusterPolicy", "Policy"),
    "batch": ("Job",),
    "": ("Pod",),
    "kustomize.toolkit.fluxcd.io": ("Kustomization",),
}
_ORDER = tuple(_LATER)
_Appliers = Mapping[str, Sequence[Manifest]]
# What others have to apply before some of these are ready.
_NEEDS = {
    "Certificate": frozenset(("ClusterIssuer", "Issuer")),
    "ExternalSecret": frozenset(("ClusterSecretStore", "SecretStore")),
}


class _Waiting(NamedTuple):
    """One that waits for another, and what that applies and becomes ready later."""

    target: Manifest
    applied: RenderedObject
    manifest: Manifest
    place: Place


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every Kustomization that waits for nothing and is waited for."""
    found: dict[Place, dict[Place, _Waiting]] = {}
    for cluster in repository.flux:
        for each in _waiting(repository, cluster):
            found.setdefault(each.target.place("spec", "wait"), {}).setdefault(each.place, each)
    for place, those in found.items():
        yield _finding(place, list(those.values()))


def _finding(place: Place, those: Sequence[_Waiting]) -> Finding:
    first, more = those[0], len(those) - 1
    fact = f"Kustomization {first.target.name!r} is ready before {first.applied.kind} {first.applied.name!r} is"
    others = f"and {more} more wait" if more else "waits"
    remedy = f"give it `wait: true`, or healthChecks of what {'they need' if more else 'that needs'}"
    message = f"{fact}, which it applies, though {first.manifest.name!r} ({{0}}) {others} for it; {remedy}"
    return Finding(place, ID, message, SEVERITY, subject=first.target.name, related=(first.place,))


def _waiting(repository: Repository, cluster: FluxCluster) -> Iterator[_Waiting]:
    waits = waiting.of(repository, cluster)
    later = dict(_later(repository, cluster, waits))
    appliers = _appliers(repository, cluster) if later else {}
    for reference, manifest in waits.manifests.items():
        for named, index in waits.depends[reference].items():
            target = waits.manifests.get(named)
            if target and named in later and not _applies(appliers, target, manifest):
                place = manifest.place("spec", "dependsOn", index, "name")
                yield _Waiting(target, later[named], manifest, place)


def _appliers(repository: Repository, cluster: FluxCluster) -> _Appliers:
    """The Kustomizations that build each file."""
    found: dict[str, list[Manifest]] = {}
    for sync in cluster.syncs:
        overlay = repository.built(sync)
        for path in overlay.reads if overlay else ():
            found.setdefault(path, []).append(sync.manifest)
    return found


def _applies(appliers: _Appliers, target: Manifest, manifest: Manifest) -> bool:
    """Tell whether a Kustomization applies, itself or through others, the one that waits for it."""
    seen = {manifest.path}
    pending = [manifest.path]
    while pending:
        for above in appliers.get(pending.pop(), ()):
            if above.identity == target.identity:
                return True
            if above.path not in seen:
                seen.add(above.path)
                pending.append(above.path)
    return False


def _later(repository: Repository, cluster: FluxCluster, waits: Waits) -> Iterator[tuple[Reference, RenderedObject]]:
    """The Kustomizations that could wait and do not, each with something that is ready later than they are."""
    made = {sync.reference: _made(repository, sync) for sync in cluster.syncs if sync.reference in waits.manifests}
    named = {name for depends in waits.depends.values() for name in depends}
    for reference in (each for each in made if each in named and not _waits(repository, waits.manifests[each])):
        late = [item for item in made[reference] if item.kind in _LATER.get(item.identity.group, ())]
        wanted = frozenset[str]().union(*(_NEEDS.get(item.kind, ()) for item in late))
        needed = [other for other, items in made.items() if wanted and any(item.kind in wanted for item in items)]
        if late and not waits.would_close(reference, needed):
            yield reference, min(late, key=lambda item: _ORDER.index(item.identity.group))


def _made(repository: Repository, sync: Sync) -> tuple[RenderedObject, ...]:
    overlay = repository.built(sync)
    return overlay.objects if overlay else ()


def _waits(repository: Repository, manifest: Manifest) -> bool:
    """Tell whether a Kustomization waits for what it applies, or its author says why it does not."""
    file = repository.files.get(manifest.path)
    waited = manifest.get("spec", "wait") is True or bool(sequence(manifest.get("spec", "healthChecks")))
    return waited or (file is not None and manifest.document in file.comments.unwaited)
