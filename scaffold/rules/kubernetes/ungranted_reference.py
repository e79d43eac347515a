"""A route or a Gateway refers to an object of another namespace, and no ReferenceGrant there lets it.

The grant has to be in the namespace of the object that is referred to. Without one, a Gateway answers 500 for a backend
of another namespace, and does not serve a listener whose certificate is in one (Gateway API 1.4). Reported are
references to a Service or a Secret that the repository renders: where the grant is in another namespace, that is the
place; else the reference is, unless a file of the namespace, or one that says no namespace, has a grant that is not
rendered.

Fails:

    # all.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: catalog
      namespace: catalog
    spec:
      ports:
        - port: 80
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata:
      name: shop
      namespace: shop
    spec:
      rules:
        - backendRefs:
            - name: catalog
              namespace: catalog
              port: 80
    ---
    apiVersion: gateway.networking.k8s.io/v1beta1
    kind: ReferenceGrant
    metadata:
      name: catalog
      namespace: shop
    spec:
      from:
        - group: gateway.networking.k8s.io
          kind: HTTPRoute
          namespace: shop
      to:
        - group: ""
          kind: Service
          name: catalog

Passes:

    # all.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: catalog
      namespace: catalog
    spec:
      ports:
        - port: 80
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata:
      name: shop
      namespace: shop
    spec:
      rules:
        - backendRefs:
            - name: catalog
              namespace: catalog
              port: 80
    ---
    apiVersion: gateway.networking.k8s.io/v1beta1
    kind: ReferenceGrant
    metadata:
      name: catalog
      namespace: catalog
    spec:
      from:
        - group: gateway.networking.k8s.io
          kind: HTTPRoute
          namespace: shop
      to:
        - group: ""
          kind: Service
          name: catalog
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.assemble import bodies
from scaffold.assemble.bodies import Kept
from scaffold.model import (
    Finding,
    Identity,
    Overlay,
    Pointer,
    Repository,
    Severity,
    dig,
    is_variable,
    mapping,
    sequence,
)
from scaffold.model.values import text

ID = "ungranted-reference"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_GROUP = "gateway.networking.k8s.io"
_GRANT = f"{_GROUP}/ReferenceGrant"
_ROUTES = tuple(f"{_GROUP}/{kind}" for kind in ("GRPCRoute", "HTTPRoute", "TCPRoute", "TLSRoute", "UDPRoute"))


class _Reference(NamedTuple):
    """What an object refers to in another namespace, and where it says that namespace."""

    kept: Kept
    wanted: Identity
    pointer: Pointer


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every reference to what is here that no grant lets pass, or the grant that is in the wrong namespace."""
    there = repository.once(_rendered)
    seen = set()
    for reference in _references(repository):
        overlays = there.get(reference.wanted, ())
        known = any(bodies.meet(repository, reference.kept.overlay, each) for each in overlays)
        grants = [grant for grant in _grants(repository, reference) if _lets(grant, reference)] if known else []
        if not known or any(grant.item.namespace in (reference.wanted.namespace, "") for grant in grants):
            continue
        if misplaced := next((grant for grant in grants if _is_misplaced(repository, grant, reference)), None):
            if misplaced.item not in seen:
                seen.add(misplaced.item)
                yield _misplaced(repository, misplaced, reference)
        elif reference.wanted.namespace not in repository.once(_unknown):
            yield _lacking(repository, reference)


def _references(repository: Repository) -> Iterator[_Reference]:
    for kept in bodies.of(repository, *_ROUTES):
        for number, rule in enumerate(sequence(kept.manifest.get("spec", "rules"))):
            for index, backend in enumerate(sequence(dig(rule, "backendRefs"))):
                yield from _across(kept, backend, "Service", ("spec", "rules", number, "backendRefs", index))
    for kept in bodies.of(repository, f"{_GROUP}/Gateway"):
        for number, listener in enumerate(sequence(kept.manifest.get("spec", "listeners"))):
            for index, certificate in enumerate(sequence(dig(listener, "tls", "certificateRefs"))):
                where: Pointer = ("spec", "listeners", number, "tls", "certificateRefs", index)
                yield from _across(kept, certificate, "Secret", where)


def _across(kept: Kept, data: object, usual: str, where: Pointer) -> Iterator[_Reference]:
    """A reference that leaves the namespace of an object, where both are known."""
    reference, own = mapping(data), kept.item.namespace
    namespace, name = text(reference.get("namespace")), text(reference.get("name"))
    if namespace and name and own and namespace != own and not any(map(is_variable, (namespace, name, own))):
        kind = text(reference.get("kind")) or usual
        yield _Reference(kept, Identity(text(reference.get("group")), kind, namespace, name), (*where, "namespace"))


def _rendered(repository: Repository) -> Mapping[Identity, list[Overlay]]:
    """The overlays that have a Service, or a Secret or what makes one."""
    found: dict[Identity, list[Overlay]] = {}
    for overlay in repository.overlays.values():
        for item in overlay.objects:
            for identity in (item.identity, *item.makes):
                if identity.kind in ("Secret", "Service") and not identity.group:
                    found.setdefault(identity, []).append(overlay)
    return found


def _unknown(repository: Repository) -> frozenset[str]:
    """The namespaces for which a file has a grant that nothing renders; a grant without one may be for any."""
    rendered = {kept.item.name for kept in bodies.of(repository, _GRANT)}
    heads = (head for file in repository.files.values() for head in file.heads if head.kind == "ReferenceGrant")
    left = [head for head in heads if not any(head.name in name for name in rendered)]
    if any(not head.namespace or is_variable(head.namespace) for head in left):
        return frozenset(identity.namespace for identity in repository.once(_rendered))
    return frozenset(head.namespace for head in left)


def _grants(repository: Repository, reference: _Reference) -> Iterator[Kept]:
    own = reference.kept.overlay
    return (grant for grant in bodies.of(repository, _GRANT) if bodies.meet(repository, own, grant.overlay))


def _lets(grant: Kept, reference: _Reference) -> bool:
    """Tell whether a grant is for a reference, but for where it is; what a variable tells may be for any."""
    source, wanted = reference.kept.item, reference.wanted
    ends = (Identity(reference.kept.manifest.group, source.kind, source.namespace, ""), wanted)
    here, there = (sequence(grant.manifest.get("spec", field)) for field in ("from", "to"))
    return any(_fits(mapping(item), ends[0], "namespace") for item in here) and any(
        _fits(mapping(item), ends[1], "name") for item in there
    )


def _fits(item: Mapping[str, Any], end: Identity, key: str) -> bool:
    told = {"group": item.get("group") or "", "kind": item.get("kind"), key: item.get(key) or getattr(end, key)}
    return all(is_variable(value) or value == getattr(end, each) for each, value in told.items())


def _is_misplaced(repository: Repository, grant: Kept, reference: _Reference) -> bool:
    """Tell whether a grant is of no use where it is: for its own namespace, or for what is not there."""
    own, wanted = grant.item.namespace, reference.wanted
    named = any(dig(item, "name") == wanted.name for item in sequence(grant.manifest.get("spec", "to")))
    sources = [dig(item, "namespace") for item in sequence(grant.manifest.get("spec", "from"))]
    there = wanted._replace(namespace=own) in repository.once(_rendered)
    return not is_variable(own) and (all(each == own for each in sources) or (named and not there))


def _misplaced(repository: Repository, grant: Kept, reference: _Reference) -> Finding:
    item, wanted, source = grant.item, reference.wanted, reference.kept.item
    fact = f"ReferenceGrant {item.name!r} is in namespace {item.namespace!r}"
    need = f"{source.kind} {source.name!r} ({{0}}) refers to {wanted.kind} {wanted.name!r} of {wanted.namespace!r}"
    message = f"{fact}, and {need}, where no grant lets it; put it into {wanted.namespace!r}"
    related = (bodies.beside(repository, reference.kept, *reference.pointer),)
    place = bodies.place(repository, grant, "metadata", "namespace")
    return Finding(place, ID, message, SEVERITY, related=related, unless=bodies.WHOLE)


def _lacking(repository: Repository, reference: _Reference) -> Finding:
    source, wanted = reference.kept.item, reference.wanted
    fact = f"{source.kind} {source.name!r} refers to {wanted.kind} {wanted.name!r} of namespace {wanted.namespace!r}"
    message = f"{fact}, where no ReferenceGrant lets it from {source.namespace!r}; add one there"
    place = bodies.place(repository, reference.kept, *reference.pointer)
    return Finding(place, ID, message, SEVERITY, unless=bodies.WHOLE)
