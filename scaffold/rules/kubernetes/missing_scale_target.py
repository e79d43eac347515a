"""An autoscaler scales a workload that nothing renders.

It does nothing, and says so only in its own status (`FailedGetScale`): the workload stays at the size it has. A
workload that a chart which was not rendered, or an operator, may make is not missed, nor one beside which the overlay
renders none of its kind. One that is of another kind by now, as a Rollout that was a Deployment, is missed.

Fails:

    # autoscaler.yaml
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: web
    spec:
      maxReplicas: 5
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: web-server
    # deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.0.0

Passes:

    # autoscaler.yaml
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: web
    spec:
      maxReplicas: 5
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: web
    # deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.0.0
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from scaffold import schemas
from scaffold.assemble import references
from scaffold.assemble.references import Need
from scaffold.model import Finding, Manifest, Overlay, Repository, Severity
from scaffold.nearest import slipped
from scaffold.rules.deleting import deleted
from scaffold.rules.needing import asked, idle, missing, unmet

ID = "missing-scale-target"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_WORKLOADS = ("apps/Deployment", "apps/StatefulSet")
_ROLLOUT = "argoproj.io/Rollout"
_KINDS = ("autoscaling/HorizontalPodAutoscaler", "autoscaling.k8s.io/VerticalPodAutoscaler", "keda.sh/ScaledObject")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every autoscaler whose workload nothing in the repository renders."""
    for overlay in repository.overlays.values():
        scaled = asked(need for manifest in overlay.of(*_KINDS) for need in references.of_scaler(manifest))
        for manifest in overlay.of(*_KINDS):
            for need, almost in unmet(overlay, references.of_scaler(manifest)):
                kind, guess = (
                    need.kind.rpartition("/")[2],
                    almost or idle(overlay, need, scaled) or _namesake(overlay, manifest, need, scaled),
                )
                fact = f"{manifest.kind} {manifest.name!r} scales {kind} {need.name!r}, which nothing renders"
                if (need.kind, need.name) not in deleted(repository, overlay):
                    yield missing(manifest.place(*need.pointer), ID, fact, need, guess)
            yield from _of_another_kind(overlay, manifest)
            yield from _of_no_kind(manifest)


def _namesake(overlay: Overlay, manifest: Manifest, need: Need, scaled: Container[tuple[str, str]]) -> str:
    """The workload that is called like the autoscaler, unless another one scales it, or a part of it is meant."""
    there = any(workload.name == manifest.name for workload in overlay.of(need.kind))
    meant = (need.kind, manifest.name) in scaled or need.name.startswith(f"{manifest.name}-")
    return manifest.name if there and not meant else ""


def _of_another_kind(overlay: Overlay, manifest: Manifest) -> Iterator[Finding]:
    """A workload that is called so, and is of another kind than the one that is named, of which there is none."""
    for need in references.of_scaler(manifest):
        others = [
            kind
            for kind in (*_WORKLOADS, _ROLLOUT)
            if kind != need.kind and any(m.name == need.name and not _lends(m) for m in overlay.of(kind))
        ]
        if need.kind in _WORKLOADS and others and not any(overlay.of(need.kind)):
            kind, meant = need.kind.rpartition("/")[2], others[0].rpartition("/")[2]
            fact = f"{manifest.kind} {manifest.name!r} scales {kind} {need.name!r}, which is a {meant}"
            place = manifest.place(*need.pointer[:-1], "kind")
            version = ", and its apiVersion" if others[0] == _ROLLOUT else ""
            yield Finding(place, ID, f"{fact}; write kind {meant!r}{version}")


def _lends(manifest: Manifest) -> bool:
    """Tell whether a Rollout takes the pods of another workload, which may be the one that is meant."""
    return manifest.get("spec", "workloadRef") is not None


def _of_no_kind(manifest: Manifest) -> Iterator[Finding]:
    """A kind that its group does not have, and that is called nearly as one that it has."""
    for need in references.of_scaler(manifest):
        group, _, kind = need.kind.rpartition("/")
        guess = slipped(kind, schemas.kinds_of(group)) if schemas.is_builtin(group) else ""
        if guess and group not in schemas.groups(kind):
            fact = f"{manifest.kind} {manifest.name!r} scales a {kind}, which group {group!r} does not have"
            place = manifest.place(*need.pointer[:-1], "kind")
            yield Finding(place, ID, f"{fact}; did you mean {guess!r}?")
