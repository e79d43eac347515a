"""A Kustomization of Flux waits for another one that is ready before what it applies is.

Without `wait` or `healthChecks` a Kustomization is ready as soon as its objects are accepted; an operator or a database
among them may not run yet, so what depends on it begins too early. Settings, permissions and the like are ready as soon
as they are accepted. Passed over is one that applies, itself or through others, what waits for it: with `wait` each
would wait for the other.

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

from scaffold.model import Finding, FluxCluster, Manifest, Repository, Severity, dig, sequence
from scaffold.model.flux import Reference, Sync, referred

ID = "dependency-without-wait"
SEVERITY = Severity.WARNING
SCOPE = "repository"
PROFILES = ("strict",)
_FIRST = frozenset(("CustomResourceDefinition", "Namespace"))
# Which are ready as soon as they are there.
_STILL = frozenset(
    """
    ClusterRole ClusterRoleBinding ConfigMap LimitRange NetworkAttachmentDefinition NetworkPolicy PersistentVolume
    PersistentVolumeClaim PodMonitor PriorityClass PrometheusRule ResourceQuota Role RoleBinding RuntimeClass Secret
    ServiceAccount ServiceMonitor StorageClass VMPodScrape VMRule VMServiceScrape
    """.split()
)
# Which whatever reads them waits for by itself.
_GROUP = "source.toolkit.fluxcd.io"
_Appliers = Mapping[str, Sequence[Manifest]]
_SOURCES = frozenset(("Bucket", "GitRepository", "HelmRepository", "OCIRepository"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every dependency on a Kustomization that waits for nothing."""
    for cluster in repository.flux:
        appliers = _appliers(repository, cluster)
        built = {sync.manifest.identity: sync for sync in cluster.syncs}
        known = {Reference(m.kind, m.namespace, m.name): m for m in cluster.of_kinds("Kustomization")}
        for manifest in known.values():
            for index, item in enumerate(sequence(manifest.get("spec", "dependsOn"))):
                target = known.get(referred(manifest, "spec", "dependsOn", index, kind=manifest.kind))
                waited = target is None or _waits(target) or bool(dig(item, "readyExpr"))
                sync = built.get(target.identity) if target else None
                if target and not (waited or _is_waited_for(repository, sync) or _applies(appliers, target, manifest)):
                    fact = f"Kustomization {manifest.name!r} waits for {target.name!r}, which does not wait"
                    message = f"{fact} until what it applies is ready; give {target.name!r} `wait: true`"
                    place = manifest.place("spec", "dependsOn", index, "name")
                    yield Finding(place, ID, message, SEVERITY, subject=f"{manifest.name}/{target.name}")


def _is_waited_for(repository: Repository, sync: Sync | None) -> bool:
    """Tell whether nothing that a Kustomization applies needs to be waited for, or nobody knows what that is.

    Definitions and namespaces are applied first, and the rest once they are there (kustomize-controller 1.9). A release
    waits for its chart by itself.
    """
    overlay = repository.built(sync) if sync else None
    if sync is None or overlay is None:
        return sync is not None and not sync.here
    made = {(item.identity.group, item.kind) for item in overlay.objects}
    return bool(made) and all(kind in _FIRST | _STILL or (group == _GROUP and kind in _SOURCES) for group, kind in made)


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
    waiting = [manifest.path]
    while waiting:
        for above in appliers.get(waiting.pop(), ()):
            if above.identity == target.identity:
                return True
            if above.path not in seen:
                seen.add(above.path)
                waiting.append(above.path)
    return False


def _waits(manifest: Manifest) -> bool:
    return manifest.get("spec", "wait") is True or bool(sequence(manifest.get("spec", "healthChecks")))
