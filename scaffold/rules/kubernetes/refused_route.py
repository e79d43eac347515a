"""A route is attached to a Gateway that lets in no route of its namespace, or of its hosts.

A listener lets in the routes of the Gateway's own namespace, unless `allowedRoutes` says more; others are not accepted,
and nothing is served (Gateway API 1.4). Neither are those for hosts of another domain than the listener's hostname.

Fails:

    # web.yaml
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata:
      name: public
      namespace: edge
    spec:
      gatewayClassName: edge
      listeners:
        - name: web
          protocol: HTTP
          port: 80
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata:
      name: web
      namespace: shop
    spec:
      parentRefs:
        - name: public
          namespace: edge
      hostnames:
        - shop.example.com

Passes:

    # web.yaml
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata:
      name: public
      namespace: edge
    spec:
      gatewayClassName: edge
      listeners:
        - name: web
          protocol: HTTP
          port: 80
          allowedRoutes:
            namespaces:
              from: All
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata:
      name: web
      namespace: shop
    spec:
      parentRefs:
        - name: public
          namespace: edge
      hostnames:
        - shop.example.com
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import naming, references
from scaffold.model import Confidence, Finding, Identity, Manifest, Repository, Severity

ID = "refused-route"
SEVERITY = Severity.ERROR
SCOPE = "overlay"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every route that asks a Gateway of another namespace; all overlays together say which one is open."""
    for overlay in repository.overlays.values():
        for manifest in overlay.of(*references.ROUTES[1:]):
            for need in naming.openings(manifest):
                yield _finding(manifest, need)
            for need in naming.hosts(manifest):
                yield _foreign(manifest, need)


def _foreign(manifest: Manifest, need: references.Need) -> Finding:
    """A route whose hosts no listener of its Gateway has."""
    gateway, *section = need.name.split("/")[:-2]
    listeners = f"listener {section[0]!r}" if section else "no listener"
    fact = f"{manifest.kind} {manifest.name!r} is for {manifest.get(*need.pointer)!r}"
    told = f"{fact}, a hostname that {listeners} of Gateway {gateway!r} {'does not take' if section else 'takes'}"
    unless = Identity(references.GATEWAY, references.HOSTS, need.namespace, need.name)
    message = f"{told}; name one that it takes, or add a listener"
    return Finding(manifest.place(*need.pointer), ID, message, SEVERITY, Confidence.LOW, unless=unless)


def _finding(manifest: Manifest, need: references.Need) -> Finding:
    gateway, *section = need.name.split("/")[:-2]
    listener = f"listener {section[0]!r} of " if section else ""
    what = f"{manifest.kind} {manifest.name!r} of namespace {manifest.namespace!r}"
    fact = f"{what} is attached to {listener}Gateway {gateway!r} of {need.namespace!r}, which lets in its own alone"
    unless = Identity(references.GATEWAY, references.OPENING, need.namespace, need.name)
    message = f"{fact}; let others in by its allowedRoutes"
    return Finding(manifest.place(*need.pointer), ID, message, SEVERITY, Confidence.LOW, unless=unless)
