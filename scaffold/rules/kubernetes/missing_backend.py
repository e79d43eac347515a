"""An Ingress or a route leads to a Service that nothing renders.

Requests are answered with an error (503 or 500, as the controller has it). A Service that a chart which was not
rendered, or an operator, may make is not missed, as that of a part of an InferenceService, nor one beside which the
overlay renders no Service. Known operators make nothing in other namespaces than that of the object, as that of
Prometheus, none but Secrets, as that of Vault, or nothing at all, as the image updater of Argo CD.

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

from collections.abc import Container, Iterator

from scaffold.assemble import references
from scaffold.assemble.references import Need
from scaffold.model import Finding, Manifest, Overlay, Repository, Severity
from scaffold.nearest import slipped
from scaffold.rules.deleting import deleted
from scaffold.rules.needing import asked, idle, missing, unmet

ID = "missing-backend"
SEVERITY = Severity.ERROR
SCOPE = "overlay"


_OF_FLUX = ("notification-controller", "source-controller", "webhook-receiver")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every backend that nothing in the repository renders."""
    for overlay in repository.overlays.values():
        routes = tuple(overlay.of(*references.ROUTES))
        led = asked(need for manifest in routes for need in references.of_route(manifest))
        for manifest in routes:
            lost = list(_lost(overlay, manifest, led))
            gone = deleted(repository, overlay) if lost else ()
            for need, guess in lost:
                if (need.kind, need.name) in gone:
                    continue
                fact = f"{manifest.kind} {manifest.name!r} leads to Service {need.name!r}, which nothing renders"
                place = manifest.place(*need.pointer)
                yield missing(place, ID, fact, need, guess)


def _lost(overlay: Overlay, manifest: Manifest, led: Container[tuple[str, str]]) -> Iterator[tuple[Need, str]]:
    """The Services that are not rendered, with the one that each may mean: a chart's is called like its release."""
    served = {item.name for item in overlay.of("serving.kserve.io/InferenceService")}
    for need in references.of_route(manifest):
        if any(need.name.startswith(f"{name}-") for name in served):
            continue  # the operator makes those of its parts, as `web-predictor`
        releases = (item for item in overlay.of("helm.toolkit.fluxcd.io/HelmRelease"))
        charts = {item.name for item in releases if item.namespace == need.namespace}
        others = charts.union(_OF_FLUX if need.namespace == "flux-system" else ())
        guess = "" if need.name in others else slipped(need.name, others)
        if guess and need.name not in {service.name for service in overlay.of(need.kind)}:
            yield need, guess
        else:
            for lost, almost in unmet(overlay, [need]):
                yield lost, almost or idle(overlay, lost, led) or _own(overlay, manifest, lost, led)


def _own(overlay: Overlay, manifest: Manifest, need: Need, led: Container[tuple[str, str]]) -> str:
    """The only Service of a namespace, where it is called like the route, and no other route leads to it."""
    names = [service.name for service in overlay.of(need.kind) if service.namespace in ("", need.namespace)]
    own = names == [manifest.name] and (need.kind, names[0]) not in led
    return names[0] if own and not any(overlay.of("helm.toolkit.fluxcd.io/HelmRelease")) else ""
