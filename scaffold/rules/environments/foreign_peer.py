"""A policy lets in what runs in the same namespace of another environment, and not what runs in its own.

It was copied and not changed: production refuses its own clients, and may be called by those of staging. Reported are
the principals and namespaces of an AuthorizationPolicy of Istio, and the namespaces that a NetworkPolicy selects by
`kubernetes.io/metadata.name`, that are called like the namespace of the policy but for the environment, as
`shop-staging` in `shop-production`, where the policy does not name its own as well, nor denies access.

Fails:

    # access.yaml
    apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata:
      name: shop
      namespace: shop-production
    spec:
      action: ALLOW
      rules:
        - from:
            - source:
                principals:
                  - cluster.local/ns/shop-staging/sa/report

Passes:

    # access.yaml
    apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata:
      name: shop
      namespace: shop-production
    spec:
      action: ALLOW
      rules:
        - from:
            - source:
                principals:
                  - cluster.local/ns/shop-production/sa/report
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import ranks
from scaffold.model import Confidence, Finding, Manifest, Pointer, Repository, Severity, dig, sequence

ID = "foreign-peer"
SEVERITY = Severity.WARNING
SCOPE = "overlay"
_NAME = "kubernetes.io/metadata.name"
_PRINCIPAL = 5  # parts: trust domain, `ns`, namespace, `sa`, account


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every peer in the namespace of another environment, once for each policy and namespace."""
    for overlay in repository.overlays.values():
        for manifest in overlay.of("security.istio.io/AuthorizationPolicy", "networking.k8s.io/NetworkPolicy"):
            peers = [*_of_istio(manifest), *_of_network(manifest)]
            named, told = {namespace for namespace, _ in peers}, set()
            for namespace, pointer in peers:
                other = _other(namespace, manifest.namespace)
                if other and manifest.namespace not in named and namespace not in told:
                    told.add(namespace)
                    yield _finding(manifest, namespace, pointer, other)


def _of_istio(manifest: Manifest) -> Iterator[tuple[str, Pointer]]:
    """The namespaces from which a policy of Istio lets in, and where each is named."""
    allowing = manifest.get("spec", "action") in (None, "ALLOW")
    for number, rule in enumerate(sequence(manifest.get("spec", "rules"))) if allowing else ():
        for index, source in enumerate(sequence(dig(rule, "from"))):
            where: Pointer = ("spec", "rules", number, "from", index, "source")
            for item, principal in enumerate(sequence(dig(source, "source", "principals"))):
                parts = str(principal).split("/")
                if len(parts) == _PRINCIPAL and parts[1] == "ns":
                    yield parts[2], (*where, "principals", item)
            for item, namespace in enumerate(sequence(dig(source, "source", "namespaces"))):
                yield str(namespace), (*where, "namespaces", item)


def _of_network(manifest: Manifest) -> Iterator[tuple[str, Pointer]]:
    """The same of a NetworkPolicy, and the namespaces to which it lets pods out; pods alone are those of its own."""
    for way, ends in (("ingress", "from"), ("egress", "to")):
        for number, rule in enumerate(sequence(manifest.get("spec", way))):
            for index, peer in enumerate(sequence(dig(rule, ends))):
                where: Pointer = ("spec", way, number, ends, index, "namespaceSelector", "matchLabels", _NAME)
                if name := dig(peer, *where[5:]):
                    yield str(name), where
                elif dig(peer, "podSelector") is not None and dig(peer, "namespaceSelector") is None:
                    yield manifest.namespace, where


def _other(namespace: str, own: str) -> str:
    """The stage of a namespace that is the own one of another stage; empty for any other."""
    words, there = own.split("-"), namespace.split("-")
    differing = [pair for pair in zip(words, there, strict=False) if pair[0] != pair[1]]
    if len(words) != len(there) or len(words) == 1 or len(differing) != 1:
        return ""
    here, other = (ranks.rank(word) for word in differing[0])
    return differing[0][1] if here is not None and other is not None and here != other else ""


def _finding(manifest: Manifest, namespace: str, pointer: Pointer, other: str) -> Finding:
    fact = f"{manifest.kind} {manifest.name!r} of namespace {manifest.namespace!r} names {namespace!r}"
    message = f"{fact}, which is of environment {other!r}, and not its own; did you mean {manifest.namespace!r}?"
    return Finding(manifest.place(*pointer), ID, message, SEVERITY, Confidence.MEDIUM)
