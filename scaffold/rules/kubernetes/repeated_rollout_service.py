"""A Rollout of Argo has one Service for both of its versions.

What the new version is tried out by and what the old one serves are two Services, as the controller changes their
selectors; it does nothing for a Rollout that names one twice, and says InvalidSpec in its status.

Fails:

    # rollout.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Rollout
    metadata:
      name: web
    spec:
      strategy:
        blueGreen:
          activeService: web
          previewService: web
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

    # rollout.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Rollout
    metadata:
      name: web
    spec:
      strategy:
        blueGreen:
          activeService: web
          previewService: web-preview
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

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity

ID = "repeated-rollout-service"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_PAIRS = (("blueGreen", "activeService", "previewService"), ("canary", "stableService", "canaryService"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every Rollout whose two Services are one."""
    for overlay in repository.overlays.values():
        for rollout in overlay.of("argoproj.io/Rollout"):
            for strategy, one, other in _PAIRS:
                old, new = (rollout.get("spec", "strategy", strategy, field) for field in (one, other))
                if old and old == new:
                    fact = f"Rollout {rollout.name!r} has {old!r} for both {one} and {other}, so it is InvalidSpec"
                    place = rollout.place("spec", "strategy", strategy, other)
                    yield Finding(place, ID, f"{fact}; name two Services")
