"""A pod is one that its Namespace forbids.

The label `pod-security.kubernetes.io/enforce` asks for a Pod Security Standard. The API server takes a Deployment all
the same and refuses each of its pods, of which only the events of its ReplicaSet tell. Looked at are pods beside their
Namespace, for the standards `baseline` and `restricted` (1.25 to 1.37).

Fails:

    # all.yaml
    apiVersion: v1
    kind: Namespace
    metadata:
      name: shop
      labels:
        pod-security.kubernetes.io/enforce: baseline
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
      namespace: shop
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
          ports:
            - containerPort: 8080
              hostPort: 8080

Passes:

    # all.yaml
    apiVersion: v1
    kind: Namespace
    metadata:
      name: shop
      labels:
        pod-security.kubernetes.io/enforce: baseline
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
      namespace: shop
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
          ports:
            - containerPort: 8080
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.expand import pod_standards
from scaffold.model import Confidence, Finding, Overlay, Pod, Repository, Severity, mapping

ID = "forbidden-pod"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_ENFORCE = "pod-security.kubernetes.io/enforce"
_LEVELS = (pod_standards.BASELINE, pod_standards.RESTRICTED)
_VERSION = re.compile(r"v1\.(\d+)\Z")
_SINCE = 25
_SHOWN = 3


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every workload whose pods the Namespace beside it forbids, with what it forbids of them."""
    for overlay in repository.overlays.values():
        levels = dict(_enforced(overlay))
        for pod in overlay.pods if levels else ():
            level = levels.get(pod.manifest.namespace, "")
            found = list(dict.fromkeys(pod_standards.flaws(pod.spec, level))) if level else []
            if found:
                yield _finding(pod, level, found)


def _enforced(overlay: Overlay) -> Iterator[tuple[str, str]]:
    """Namespaces with their standard, by a version of it that is known."""
    for namespace in overlay.of("/Namespace"):
        labels = mapping(namespace.metadata.get("labels"))
        version = labels.get(f"{_ENFORCE}-version", "latest")
        numbered = _VERSION.match(version) if isinstance(version, str) else None
        known = version == "latest" or (numbered and int(numbered[1]) >= _SINCE)
        if labels.get(_ENFORCE) in _LEVELS and known:
            yield namespace.name, labels[_ENFORCE]


def _finding(pod: Pod, level: str, found: list[tuple[str, tuple[str | int, ...]]]) -> Finding:
    facts = [fact for fact, _ in found]
    more = f", and {len(facts) - _SHOWN} more" if len(facts) > _SHOWN else ""
    what = f"{pod.manifest.kind} {pod.manifest.name!r} is for Namespace {pod.manifest.namespace!r}"
    told = f"{what}, which enforces {level} and forbids its pods: {', '.join(facts[:_SHOWN])}{more}"
    message = f"{told}; mend that, or lower the standard of the Namespace"
    return Finding(pod.place(*found[0][1]), ID, message, SEVERITY, Confidence.MEDIUM)
