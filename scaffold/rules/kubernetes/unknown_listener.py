"""A route asks for a listener that its Gateway does not have.

The route is attached to nothing (`NoMatchingParent`), and no request reaches it. A Gateway that stands in no overlay
that was rendered may have any listener.

Fails:

    # web.yaml
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata:
      name: public
      namespace: web
    spec:
      gatewayClassName: example
      listeners:
        - name: https
          port: 443
          protocol: HTTPS
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata:
      name: web
      namespace: web
    spec:
      parentRefs:
        - name: public
          sectionName: websecure

Passes:

    # web.yaml
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata:
      name: public
      namespace: web
    spec:
      gatewayClassName: example
      listeners:
        - name: https
          port: 443
          protocol: HTTPS
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata:
      name: web
      namespace: web
    spec:
      parentRefs:
        - name: public
          sectionName: https
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import naming, references
from scaffold.model import Confidence, Finding, Identity, Manifest, Repository, Severity

ID = "unknown-listener"
SEVERITY = Severity.ERROR
SCOPE = "overlay"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every listener that its own overlay does not render; all overlays together say what a Gateway has."""
    for overlay in repository.overlays.values():
        for manifest in overlay.of(*references.ROUTES[1:]):
            for need in naming.sections(manifest):
                yield _finding(manifest, need)


def _finding(manifest: Manifest, need: references.Need) -> Finding:
    gateway, _, section = need.name.rpartition("/")
    fact = (
        f"{manifest.kind} {manifest.name!r} asks for listener {section!r} of Gateway {gateway!r}, which has none such"
    )
    unless = Identity(references.GATEWAY, references.LISTENER, need.namespace, need.name)
    message = f"{fact}; name one that it has"
    return Finding(manifest.place(*need.pointer), ID, message, SEVERITY, Confidence.LOW, unless=unless)
