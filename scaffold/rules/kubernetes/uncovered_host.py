"""An Ingress has a certificate for a host that it does not serve, and none for the one that it serves.

Who opens the host gets another certificate, mostly one that the controller has made for itself, and a warning.

Fails:

    # web.yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: web
      annotations:
        cert-manager.io/cluster-issuer: public
    spec:
      tls:
        - hosts:
            - shop.example.org
          secretName: web-tls
      rules:
        - host: shop.example.com

Passes:

    # web.yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: web
      annotations:
        cert-manager.io/cluster-issuer: public
    spec:
      tls:
        - hosts:
            - shop.example.com
          secretName: web-tls
      rules:
        - host: shop.example.com
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Manifest, Pointer, Repository, Severity, dig, is_variable, sequence

ID = "uncovered-host"
SEVERITY = Severity.WARNING
SCOPE = "overlay"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every host of a certificate that no rule serves, where a rule's host has no certificate."""
    for overlay in repository.overlays.values():
        for manifest in overlay.of("networking.k8s.io/Ingress"):
            yield from _of_ingress(manifest)


def _of_ingress(manifest: Manifest) -> Iterator[Finding]:
    rules = [str(dig(rule, "host") or "") for rule in sequence(manifest.get("spec", "rules"))]
    certified = list(_certified(manifest))
    bare = [host for host in rules if host and not any(_covers(name, host) for _, name in certified)]
    if "" in rules or any(map(is_variable, (*rules, *(name for _, name in certified)))):
        return
    for pointer, name in certified:
        if bare and not any(_covers(name, host) or _covers(host, name) for host in rules):
            fact = f"Ingress {manifest.name!r} has a certificate for {name!r}, and serves {bare[0]!r} without one"
            message = f"{fact}; name {bare[0]!r} there"
            yield Finding(manifest.place(*pointer), ID, message, SEVERITY)


def _certified(manifest: Manifest) -> Iterator[tuple[Pointer, str]]:
    for number, entry in enumerate(sequence(manifest.get("spec", "tls"))):
        for index, host in enumerate(sequence(dig(entry, "hosts"))):
            yield ("spec", "tls", number, "hosts", index), str(host)


def _covers(name: str, host: str) -> bool:
    """Tell whether a certificate's name, of which the first part may be a star, is that of a host."""
    return name == host or (name.startswith("*.") and name[1:] == host[host.find(".") :])
