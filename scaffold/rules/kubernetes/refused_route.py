"""A route is attached to a Gateway that lets in no route of its namespace, or of its hosts.

A listener lets in the routes of the Gateway's own namespace, unless `allowedRoutes` says more; others are not accepted,
and nothing is served (Gateway API 1.4). Neither are routes of which no host fits the listener's hostname:
`*.example.com` is for `shop.example.com` and `a.shop.example.com`, not for `example.com`. Reported is a route that each
listener keeps out that it may mean, for one reason or the other. Passed over is one of which a single host fits, or
that another of its parents takes; what a selector of namespaces lets in is not known.

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

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.assemble import bodies
from scaffold.assemble.bodies import Kept
from scaffold.model import Finding, Pointer, Repository, Severity, dig, is_variable, mapping, sequence
from scaffold.model.values import text
from scaffold.rules import listeners
from scaffold.rules.listeners import GROUP

ID = "refused-route"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_PROTOCOLS = {
    "HTTP": ["HTTPRoute", "GRPCRoute"],
    "HTTPS": ["HTTPRoute", "GRPCRoute"],
    "TCP": ["TCPRoute"],
    "TLS": ["TLSRoute", "TCPRoute"],
    "UDP": ["UDPRoute"],
}
_FEW = 4  # hostnames that a message names
_ROUTES = tuple(dict.fromkeys(kind for kinds in _PROTOCOLS.values() for kind in kinds))
_Listener = Mapping[str, Any]


class _Ask(NamedTuple):
    """What a route asks of a Gateway: to be let in from its namespace, empty where it is not known, for its hosts."""

    route: Kept
    number: int
    name: str
    namespace: str
    section: str
    port: object
    hosts: list[object]

    @property
    def part(self) -> str:
        """What it asks for of the Gateway, if not for the whole."""
        return f"listener {self.section!r}" if self.section else f"port {self.port}" if self.port else ""


class _Refusal(NamedTuple):
    """Why a Gateway refuses a route: listeners that it may mean, closed to its namespace or for other hosts."""

    ask: _Ask
    gateway: Kept
    closed: list[_Listener]
    foreign: list[_Listener]


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every route that no listener lets in of the Gateways that it may mean."""
    gateways: dict[str, list[Kept]] = {}
    for kept in bodies.of(repository, f"{GROUP}/Gateway"):
        gateways.setdefault(kept.item.name, []).append(kept)
    for kept in bodies.of(repository, *(f"{GROUP}/{kind}" for kind in _ROUTES)) if gateways else ():
        parents = sequence(kept.manifest.get("spec", "parentRefs"))
        told = [_refused(repository, ask, gateways.get(ask.name, ())) for ask in _asks(kept, parents)]
        refusals = [refusal for refusal in told if refusal]
        foreign = [refusal for refusal in refusals if refusal.foreign]
        yield from (_finding(repository, refusal) for refusal in refusals if not refusal.foreign)
        if foreign and len(refusals) == len(parents):
            yield _finding(repository, foreign[0])


def _asks(kept: Kept, parents: list[Any]) -> Iterator[_Ask]:
    hosts = sequence(kept.manifest.get("spec", "hostnames"))
    for index, parent in enumerate(map(mapping, parents)):
        name, own = text(parent.get("name")), kept.item.namespace
        namespace, section = text(parent.get("namespace")) or own, text(parent.get("sectionName"))
        kind = (parent.get("group", GROUP), parent.get("kind", "Gateway"))
        if kind == (GROUP, "Gateway") and not any(map(is_variable, (name, own, namespace, section))):
            yield _Ask(kept, index, name, namespace, section, parent.get("port"), hosts)


def _refused(repository: Repository, ask: _Ask, gateways: Iterable[Kept]) -> _Refusal | None:
    """Why the first Gateway that a route may mean refuses it; None where there is none, or one that does not."""
    told = [_refusal(ask, each) for each in gateways if _is_meant(repository, ask, each)]
    return told[0] if told and all(told) else None


def _is_meant(repository: Repository, ask: _Ask, gateway: Kept) -> bool:
    there = gateway.item.namespace
    here = not ask.namespace or not there or there == ask.namespace
    return here and bodies.meet(repository, ask.route.overlay, gateway.overlay)


def _refusal(ask: _Ask, gateway: Kept) -> _Refusal | None:
    """Why a Gateway refuses a route; None where it does not, or has no listener at all that the route may mean."""
    refusal = _Refusal(ask, gateway, [], [])
    for listener in map(mapping, sequence(gateway.manifest.get("spec", "listeners"))):
        named = ask.section in ("", listener.get("name")) and ask.port in (None, listener.get("port"))
        if named and ask.route.item.kind in _taken(listener):
            if _is_closed(ask, listener):
                refusal.closed.append(listener)
            elif not _fits(listener.get("hostname"), ask.hosts):
                refusal.foreign.append(listener)
            else:
                return None
    return refusal if refusal.closed or refusal.foreign else None


def _taken(listener: _Listener) -> list[str]:
    """The kinds of routes that a listener takes: those that it names, else those of its protocol."""
    named = [text(dig(item, "kind")) for item in sequence(dig(listener, "allowedRoutes", "kinds"))]
    return named or _PROTOCOLS.get(text(listener.get("protocol")), list(_ROUTES))


def _is_closed(ask: _Ask, listener: _Listener) -> bool:
    """Tell whether a listener lets in its own namespace alone, and the route is known to be of another one."""
    own = ask.route.item.namespace
    return bool(own) and own != ask.namespace and dig(listener, "allowedRoutes", "namespaces", "from") in (None, "Same")


def _fits(hostname: object, hosts: list[object]) -> bool:
    """Tell whether a listener is for one of these hosts, or it is not known."""
    taken, told = text(hostname), list(map(text, hosts))
    unknown = not told or any(map(is_variable, (taken, *told)))
    return unknown or any(listeners.meet(taken, host) for host in told)


def _finding(repository: Repository, refusal: _Refusal) -> Finding:
    message = _both(refusal) if refusal.closed and refusal.foreign else _either(refusal)
    parent: Pointer = ("spec", "parentRefs", refusal.ask.number, "name")
    closed = not refusal.foreign or _meant(refusal)
    place = bodies.place(repository, refusal.ask.route, *(parent if closed else ("spec", "hostnames", 0)))
    related = (bodies.beside(repository, refusal.gateway, "spec", "listeners"),)
    return Finding(place, ID, message, SEVERITY, related=related, unless=bodies.WHOLE)


def _meant(refusal: _Refusal) -> _Listener | None:
    """The closed listener that has a hostname for the route."""
    named = (each for each in refusal.closed if each.get("hostname"))
    return next((each for each in named if _fits(each["hostname"], refusal.ask.hosts)), None)


def _either(refusal: _Refusal) -> str:
    """What is said where all listeners refuse a route for the same reason."""
    ask, route = refusal.ask, refusal.ask.route.item
    gateway = f"Gateway {ask.name!r}"
    if not refusal.foreign:
        part = f"{ask.part} of " if ask.part else ""
        what = f"{route.kind} {route.name!r} of namespace {route.namespace!r}"
        fact = f"{what} is attached to {part}{gateway} of {ask.namespace!r} ({{0}}), which lets in its own alone"
        return f"{fact}; let others in by its allowedRoutes"
    part, takes = (ask.part, "does not take") if ask.part else ("no listener", "takes")
    host = f"{ask.hosts[0]!r}, a hostname that {part} of {gateway} ({{0}}) {takes}"
    return f"{route.kind} {route.name!r} is for {host}; {_host(refusal)}"


def _both(refusal: _Refusal) -> str:
    """What is said where some listeners refuse a route for its namespace and others for its hosts."""
    ask, route, meant = refusal.ask, refusal.ask.route.item, _meant(refusal)
    what = f"{route.kind} {route.name!r} of namespace {route.namespace!r}"
    closed, foreign = (repr(each.get("name")) for each in (meant or refusal.closed[0], refusal.foreign[0]))
    fact = f"{what} is let in by no listener of Gateway {ask.name!r} of {ask.namespace!r} ({{0}})"
    others = f"{foreign} not" if len(refusal.foreign) == 1 else "none of the others"
    why = f"{closed} is for its own namespace alone, and {others} for {ask.hosts[0]!r}"
    remedy = f"let others in by the allowedRoutes of {closed}" if meant else _host(refusal)
    return f"{fact}: {why}; {remedy}"


def _host(refusal: _Refusal) -> str:
    takes = dict.fromkeys(text(each.get("hostname")) for each in refusal.foreign)
    told = " or ".join(map(repr, takes)) if len(takes) < _FEW else "one of its listeners"
    return f"name a host that fits {told}, or add a listener"
