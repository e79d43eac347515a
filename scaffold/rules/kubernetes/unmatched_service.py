"""A Service selects no pod.

The API server takes it, and it has no endpoints: every connection to it fails. Reported is a selector that fits no pod
of its overlay while the workload of the same name, or one whose label is almost the same, differs from it; any other
selector may be meant for pods of a chart or an operator.

Fails:

    # all.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: wbe
      ports:
        - port: 80
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
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 80
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

import re
from collections.abc import Iterator

from scaffold.model import Finding, Manifest, Pointer, Repository, Severity, mapping
from scaffold.rules.selecting import unmatched

ID = "unmatched-service"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_ELECTED = re.compile(r"(?i)(?:\A|.*[-_./])(?:leader|primary|master|role)\Z")
_OFFICES = frozenset(("active", "leader", "master", "primary", "true", "yes"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every Service whose selector fits no pod, where it is clear which it was written for."""
    for overlay in repository.overlays.values():
        for manifest in overlay.of("/Service"):
            missed = unmatched(overlay, manifest, {"matchLabels": mapping(manifest.get("spec", "selector"))})
            if missed and not _is_elected(manifest, missed[0]):
                (_, key), message = missed
                yield Finding(manifest.place("spec", "selector", key), ID, message, SEVERITY)


def _is_elected(manifest: Manifest, where: Pointer) -> bool:
    """Tell a label that the pod which leads the others gives to itself."""
    key = str(where[-1])
    return bool(_ELECTED.match(key)) and str(manifest.get("spec", "selector", key)).lower() in _OFFICES
