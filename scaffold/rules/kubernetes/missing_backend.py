"""An Ingress or a route leads to a Service that nothing renders.

Requests are answered with an error (503 or 500, as the controller has it). A Service that a chart which was not
rendered, or an operator, may make is not missed, nor one beside which the overlay renders no Service.

Fails:

    # ingress.yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: web
    spec:
      defaultBackend:
        service:
          name: wbe
          port:
            number: 80
    # service.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      ports:
        - port: 80

Passes:

    # ingress.yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: web
    spec:
      defaultBackend:
        service:
          name: web
          port:
            number: 80
    # service.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      ports:
        - port: 80
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import references
from scaffold.model import Finding, Repository, Severity
from scaffold.rules.needing import missing, unmet

ID = "missing-backend"
SEVERITY = Severity.ERROR
SCOPE = "overlay"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every backend that nothing in the repository renders."""
    for overlay in repository.overlays.values():
        for manifest in overlay.of(*references.ROUTES):
            for need, guess in unmet(overlay, references.of_route(manifest)):
                fact = f"{manifest.kind} {manifest.name!r} leads to Service {need.name!r}, which nothing renders"
                place = manifest.place(*need.pointer)
                yield missing(place, ID, fact, need, guess)
