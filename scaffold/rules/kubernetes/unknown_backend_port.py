"""An Ingress or a route leads to a port that the Service does not have.

The API server takes it, and requests are answered with an error. Meant is the Service's own port, by its number or its
name, not the port of its pods. A Service that is not rendered beside the route is not looked at.

Fails:

    # all.yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: web
    spec:
      rules:
        - host: web.example.com
          http:
            paths:
              - path: /
                pathType: Prefix
                backend:
                  service:
                    name: web
                    port:
                      number: 8080
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 80

Passes:

    # all.yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: web
    spec:
      rules:
        - host: web.example.com
          http:
            paths:
              - path: /
                pathType: Prefix
                backend:
                  service:
                    name: web
                    port:
                      number: 80
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 80
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import references
from scaffold.model import Finding, Manifest, Overlay, Repository, Severity, is_variable, mapping, sequence

ID = "unknown-backend-port"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_NOWHERE = 65535  # which somebody names to close a path


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every port of a backend that its Service does not have."""
    for overlay in repository.overlays.values():
        for manifest in overlay.of(*references.ROUTES):
            for need in references.of_route(manifest):
                service = _service(overlay, need)
                if service:
                    yield from _unknown(manifest, service, need)


def _service(overlay: Overlay, need: references.Need) -> Manifest | None:
    """The Service that a backend names; one that only names another host has no ports of its own."""
    for service in overlay.of("/Service"):
        if (service.name, service.namespace) == (need.name, need.namespace):
            return service if service.get("spec", "type") != "ExternalName" else None
    return None


def _unknown(manifest: Manifest, service: Manifest, need: references.Need) -> Iterator[Finding]:
    where = (*need.pointer[:-1], "port")
    port = manifest.get(*where)
    asked = port if isinstance(port, int) else mapping(port).get("number") or mapping(port).get("name")
    ports = [mapping(item) for item in sequence(service.get("spec", "ports"))]
    known = [item.get("port" if isinstance(asked, int) else "name") for item in ports]
    if asked and asked not in (_NOWHERE, *known) and not is_variable(asked):
        has = ", ".join(str(item) for item in known if item) or "none with a name"
        fact = f"{manifest.kind} {manifest.name!r} leads to port {asked!r} of Service {service.name!r}, which has {has}"
        yield Finding(manifest.place(*where), ID, f"{fact}; name one that it has")
