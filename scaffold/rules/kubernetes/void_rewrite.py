"""An Ingress rewrites paths by a part that none of them captures.

ingress-nginx puts for `$2` in `rewrite-target` what the second group of a path matched. Without such a group it is
empty, so that every request goes to the same address.

Fails:

    # ingress.yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: web
      annotations:
        nginx.ingress.kubernetes.io/rewrite-target: /$2
    spec:
      ingressClassName: nginx
      rules:
        - host: web.example.com
          http:
            paths:
              - path: /shop
                pathType: ImplementationSpecific
                backend:
                  service:
                    name: web
                    port:
                      number: 80

Passes:

    # ingress.yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: web
      annotations:
        nginx.ingress.kubernetes.io/rewrite-target: /$2
    spec:
      ingressClassName: nginx
      rules:
        - host: web.example.com
          http:
            paths:
              - path: /shop(/|$)(.*)
                pathType: ImplementationSpecific
                backend:
                  service:
                    name: web
                    port:
                      number: 80
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.expand import UnverifiableError, regexes
from scaffold.model import Finding, Manifest, Repository, Severity, dig, is_variable, mapping, sequence

ID = "void-rewrite"
SEVERITY = Severity.WARNING
SCOPE = "overlay"
_PREFIX = "nginx.ingress.kubernetes.io/"
_ANY = 10  # more groups than can be asked for
_GROUP = re.compile(r"\$(\d)")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every target of an Ingress that uses a group which none of its paths has."""
    for overlay in repository.overlays.values():
        for ingress in overlay.of("networking.k8s.io/Ingress"):
            notes = mapping(ingress.metadata.get("annotations"))
            target = notes.get(f"{_PREFIX}rewrite-target")
            used = [int(group) for group in _GROUP.findall(target)] if isinstance(target, str) else []
            groups = [_groups(path) for path in _paths(ingress)]
            snippets = any(str(key).endswith("-snippet") for key in notes)
            if used and groups and not is_variable(target) and not snippets and max(groups) < max(used):
                fact = f"Ingress {ingress.name!r} rewrites to {target!r}, and none of its paths has group {max(used)}"
                place = ingress.place("metadata", "annotations", f"{_PREFIX}rewrite-target")
                yield Finding(
                    place, ID, f"{fact}, so it is empty; write paths with groups, as '/web(/|$)(.*)'", SEVERITY
                )


def _paths(ingress: Manifest) -> Iterator[str]:
    for rule in sequence(ingress.get("spec", "rules")):
        for path in sequence(dig(rule, "http", "paths")):
            yield str(mapping(path).get("path") or "/")


def _groups(path: str) -> int:
    """How many groups a path captures; more than any number where that cannot be told."""
    try:
        return regexes.compile_go(path).groups if not is_variable(path) else _ANY
    except UnverifiableError:
        return _ANY
