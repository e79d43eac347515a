"""A NetworkPolicy, or a CiliumNetworkPolicy, applies to no pod.

The API server takes it, and the pods that it was written for stay open, or closed, as they were. Reported is a selector
that fits no pod of its overlay while the workload of the same name, or one whose label is almost the same, differs from
it. An empty selector applies to every pod. Of Cilium's, one that asks for what is no label of a pod, such as its
namespace or `reserved:host`, is passed over; `k8s:` and `any:` before a label say no more than where it is from.

Fails:

    # all.yaml
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
    spec:
      podSelector:
        matchLabels:
          app: wbe
      policyTypes:
        - Ingress
    ---
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

    # all.yaml
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
    spec:
      podSelector:
        matchLabels:
          app: web
      policyTypes:
        - Ingress
    ---
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

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import Finding, Manifest, Pointer, Repository, Severity, mapping, sequence
from scaffold.rules.listed import ANY, values
from scaffold.rules.selecting import unmatched

ID = "unmatched-policy"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_SOURCES = ("any", "k8s")  # of labels that pods have in Kubernetes
_OF_CILIUM = ("io.cilium.", "io.kubernetes.", "io.cri-containerd.")  # what Cilium adds to the labels of a pod


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every policy whose selector fits no pod, where it is clear which it was written for."""
    for overlay in repository.overlays.values():
        for manifest in overlay.of("networking.k8s.io/NetworkPolicy"):
            selector = mapping(manifest.get("spec", "podSelector"))
            yield from _told(manifest, ("spec", "podSelector"), unmatched(overlay, manifest, selector), {})
        for manifest in overlay.of("cilium.io/CiliumNetworkPolicy"):
            for pointer, value in _selectors(manifest):
                selector, written = _plain(mapping(value))
                yield from _told(manifest, pointer, unmatched(overlay, manifest, selector), written)


def _told(
    manifest: Manifest, where: Pointer, missed: tuple[Pointer, str] | None, written: Mapping[str, str]
) -> Iterator[Finding]:
    if missed:
        pointer, message = missed
        inner = (written.get(str(part), part) for part in pointer)
        yield Finding(manifest.place(*where, *inner), ID, message, SEVERITY)


def _selectors(policy: Manifest) -> Iterator[tuple[Pointer, object]]:
    yield from values(policy.data, ("spec", "endpointSelector"))
    yield from values(policy.data, ("specs", ANY, "endpointSelector"))


def _plain(selector: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """A selector of Cilium as one of Kubernetes, and how its labels are written; an empty one, which fits all, if none.

    Pods have more labels there than they say.
    """
    labels = mapping(selector.get("matchLabels"))
    expressions = [mapping(each) for each in sequence(selector.get("matchExpressions"))]
    written = {_label(str(key)): str(key) for key in (*labels, *(each.get("key") for each in expressions))}
    if any(":" in key or key.startswith(_OF_CILIUM) for key in written):
        return {}, {}
    chosen = [{**each, "key": _label(str(each.get("key")))} for each in expressions]
    return {"matchLabels": {_label(str(key)): labels[key] for key in labels}, "matchExpressions": chosen}, written


def _label(key: str) -> str:
    source, colon, label = key.partition(":")
    return label if colon and source in _SOURCES else key
