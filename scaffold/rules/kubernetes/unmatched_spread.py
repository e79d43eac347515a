"""A workload spreads its pods by labels that they do not have.

A constraint counts the pods that its selector fits. Where the workload's own are not among them, all may be put on one
node, or in one zone, and nothing tells (Kubernetes 1.37). One that counts the pods of others is only told beside one
that counts its own.

Fails:

    # web.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 3
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          topologySpreadConstraints:
            - maxSkew: 1
              topologyKey: kubernetes.io/hostname
              whenUnsatisfiable: DoNotSchedule
              labelSelector:
                matchLabels:
                  app: wbe
          containers:
            - name: web
              image: registry.example.com/web:1.4.2

Passes:

    # web.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 3
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          topologySpreadConstraints:
            - maxSkew: 1
              topologyKey: kubernetes.io/hostname
              whenUnsatisfiable: DoNotSchedule
              labelSelector:
                matchLabels:
                  app: web
          containers:
            - name: web
              image: registry.example.com/web:1.4.2
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import Confidence, Finding, Pod, Repository, Severity, dig, is_variable, mapping, sequence
from scaffold.rules.selecting import selected

ID = "unmatched-spread"
SEVERITY = Severity.WARNING
SCOPE = "overlay"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every constraint that counts no pod at all of its overlay, or others beside one that counts its own."""
    for overlay in repository.overlays.values():
        for pod in overlay.pods:
            constraints = sequence(pod.spec.get("topologySpreadConstraints"))
            selectors = [mapping(dig(item, "labelSelector")) for item in constraints]
            own = any(selector and not _misses(selector, pod) for selector in selectors)
            for index, selector in enumerate(selectors):
                if _misses(selector, pod) and (own or not selected(overlay, pod.manifest, selector)):
                    yield _finding(pod, index, selector)


def _misses(selector: Mapping[str, Any], pod: Pod) -> bool:
    wanted = mapping(selector.get("matchLabels"))
    return any(_differing(wanted, pod)) and not any(map(is_variable, wanted.values()))


def _differing(wanted: Mapping[str, Any], pod: Pod) -> Iterator[str]:
    return (key for key, value in wanted.items() if pod.labels.get(key) != value)


def _finding(pod: Pod, index: int, selector: Mapping[str, Any]) -> Finding:
    wanted = mapping(selector.get("matchLabels"))
    key = next(_differing(wanted, pod))
    what, has = f"{pod.manifest.kind} {pod.manifest.name!r}", pod.labels.get(key)
    own = f"whose pods have {has!r}" if has else "which its pods do not have"
    message = f"{what} is spread by label {key!r} with {wanted[key]!r}, {own}; select its own pods"
    place = pod.place("topologySpreadConstraints", index, "labelSelector", "matchLabels", key)
    return Finding(place, ID, message, SEVERITY, Confidence.MEDIUM)
