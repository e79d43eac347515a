"""A host is served with a certificate that is for other hosts.

Browsers and other clients refuse the connection. A star in a name of a certificate stands for one part of a host
(RFC 9525), while the one in the hostname of a listener stands for any number of them (Gateway API 1.4). Reported are
hosts of an Ingress, of a listener and of the routes that are attached to it, where a Certificate of cert-manager says
all names of the certificate, in the namespace of the Secret, or where annotations of the Gateway have cert-manager make
one for the hostnames of its listeners. Nothing is said of a Secret that something else makes, too, nor of names that
are variables, nor where a tunnel of Cloudflare runs, which shows a certificate of its own.

Fails:

    # all.yaml
    apiVersion: cert-manager.io/v1
    kind: Certificate
    metadata:
      name: edge
      namespace: edge
    spec:
      secretName: edge-tls
      dnsNames:
        - "*.example.com"
      issuerRef:
        name: public
        kind: ClusterIssuer
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata:
      name: public
      namespace: edge
    spec:
      gatewayClassName: edge
      listeners:
        - name: web
          protocol: HTTPS
          port: 443
          hostname: "*.example.com"
          tls:
            certificateRefs:
              - name: edge-tls
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata:
      name: shop
      namespace: edge
    spec:
      parentRefs:
        - name: public
      hostnames:
        - shop.eu.example.com

Passes:

    # all.yaml
    apiVersion: cert-manager.io/v1
    kind: Certificate
    metadata:
      name: edge
      namespace: edge
    spec:
      secretName: edge-tls
      dnsNames:
        - "*.example.com"
      issuerRef:
        name: public
        kind: ClusterIssuer
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata:
      name: public
      namespace: edge
    spec:
      gatewayClassName: edge
      listeners:
        - name: web
          protocol: HTTPS
          port: 443
          hostname: "*.example.com"
          tls:
            certificateRefs:
              - name: edge-tls
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata:
      name: shop
      namespace: edge
    spec:
      parentRefs:
        - name: public
      hostnames:
        - shop.example.com
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.assemble import bodies
from scaffold.assemble.bodies import Kept
from scaffold.model import (
    Finding,
    Pointer,
    Repository,
    Severity,
    dig,
    is_variable,
    mapping,
    sequence,
)
from scaffold.model.values import text
from scaffold.rules import certified, listeners
from scaffold.rules.certified import Names
from scaffold.rules.listeners import GROUP, Listener

ID = "uncertified-host"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_ROUTES = (f"{GROUP}/GRPCRoute", f"{GROUP}/HTTPRoute")
_TUNNEL = "cloudflared"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every host that the certificate by which it is served does not cover."""
    if repository.once(_has_tunnel):
        return
    for kept in bodies.of(repository, "networking.k8s.io/Ingress"):
        yield from _of_ingress(repository, kept)
    known: dict[tuple[str, str], list[Listener]] = {}
    for kept in bodies.of(repository, f"{GROUP}/Gateway"):
        own = list(listeners.ending_tls(repository, kept))
        known.setdefault((kept.item.namespace, kept.item.name), []).extend(own)
        yield from _of_listeners(repository, own)
    for kept in bodies.of(repository, *_ROUTES) if known else ():
        yield from _of_route(repository, kept, known)


def _has_tunnel(repository: Repository) -> bool:
    """Tell whether some hosts may come by a tunnel of Cloudflare, which shows others a certificate of its own."""
    every = (item for overlay in repository.overlays.values() for item in overlay.objects)
    return any(_TUNNEL in image for item in every for image in item.images)


def _of_ingress(repository: Repository, kept: Kept) -> Iterator[Finding]:
    notes = mapping(kept.manifest.metadata.get("annotations"))
    made = any(str(key).startswith(("cert-manager.io/", "kubernetes.io/tls-acme")) for key in notes)
    for number, entry in enumerate(sequence(kept.manifest.get("spec", "tls"))) if not made else ():
        names = certified.of_secret(repository, kept.overlay, kept.item.namespace, dig(entry, "secretName"))
        if names is None:
            continue
        for index, host in enumerate(sequence(dig(entry, "hosts"))):
            pointer: Pointer = ("spec", "tls", number, "hosts", index)
            if _is_plain(host) and not any(certified.covers(name, host) for name in names.names):
                yield _finding(repository, kept, pointer, f"serves {host!r}", names)


def _of_listeners(repository: Repository, own: list[Listener]) -> Iterator[Finding]:
    for each in own:
        if each.certificates and _is_plain(each.host) and not each.certifies(each.host):
            fact = f"serves {each.host!r} by listener {each.name!r}"
            yield _finding(repository, each.gateway, (*each.pointer, "hostname"), fact, each.certificates[0])


def _of_route(repository: Repository, kept: Kept, known: Mapping[tuple[str, str], list[Listener]]) -> Iterator[Finding]:
    parents = [mapping(item) for item in sequence(kept.manifest.get("spec", "parentRefs"))]
    for index, host in enumerate(sequence(kept.manifest.get("spec", "hostnames"))):
        taking = [each for parent in parents for each in _taking(repository, kept, parent, known, host)]
        told = all(each.certificates for each in taking)
        if taking and told and _is_plain(host) and not any(each.certifies(host) for each in taking):
            fact = f"serves {host!r} by listener {taking[0].name!r} of Gateway {taking[0].gateway.item.name!r}"
            yield _finding(repository, kept, ("spec", "hostnames", index), fact, taking[0].certificates[0])


def _taking(
    repository: Repository,
    kept: Kept,
    parent: Mapping[str, Any],
    known: Mapping[tuple[str, str], list[Listener]],
    host: object,
) -> Iterator[Listener]:
    """The listeners by which a route is served at a host, unless its own hostname is tried there."""
    section, port = parent.get("sectionName"), parent.get("port")
    namespace = text(parent.get("namespace")) or kept.item.namespace
    for each in known.get((namespace, text(parent.get("name"))), ()):
        meant = section in (None, each.name) and port in (None, each.port) and each.host != host
        if (
            meant
            and listeners.meet(each.host, str(host))
            and bodies.meet(repository, kept.overlay, each.gateway.overlay)
        ):
            yield each


def _is_plain(host: object) -> bool:
    return isinstance(host, str) and "*" not in host and "." in host and not is_variable(host)


def _finding(repository: Repository, kept: Kept, pointer: Pointer, fact: str, names: Names) -> Finding:
    told = " and ".join(map(repr, sorted(names.names)))
    stars = ", where a star is one part of a host" if any(name.startswith("*.") for name in names.names) else ""
    told = f"{kept.item.kind} {kept.item.name!r} {fact}, whose certificate is for {told}{stars}"
    message = f"{told}; add the host to {names.said} ({{0}})"
    place = bodies.place(repository, kept, *pointer)
    return Finding(place, ID, message, SEVERITY, related=(names.place,), unless=bodies.WHOLE)
