"""Two Ingresses of one environment, of one cluster, or of one build, have the same host and path.

They do where their class is the same, too, and, within one overlay, their namespace, unless that class is `nginx`.
Which of the two gets the requests is up to the controller: most keep the older one, some both in turn, and the webhook
of ingress-nginx 1.14 refuses the second one in any namespace. Those with an annotation for a canary share them on
purpose and are left out.

Fails:

    # cart/base/ingress.yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: cart
      namespace: cart
    spec:
      rules:
        - host: shop.example.com
          http:
            paths:
              - path: /
                pathType: Prefix
                backend:
                  service:
                    name: cart
                    port:
                      number: 80
    # cart/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ingress.yaml
    # cart/overlays/production/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    # web/base/ingress.yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: web
      namespace: web
    spec:
      rules:
        - host: shop.example.com
          http:
            paths:
              - path: /
                pathType: Prefix
                backend:
                  service:
                    name: web
                    port:
                      number: 80
    # web/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ingress.yaml
    # web/overlays/production/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base

Passes:

    # cart/base/ingress.yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: cart
      namespace: cart
    spec:
      rules:
        - host: cart.example.com
          http:
            paths:
              - path: /
                pathType: Prefix
                backend:
                  service:
                    name: cart
                    port:
                      number: 80
    # cart/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ingress.yaml
    # cart/overlays/production/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    # web/base/ingress.yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: web
      namespace: web
    spec:
      rules:
        - host: shop.example.com
          http:
            paths:
              - path: /
                pathType: Prefix
                backend:
                  service:
                    name: web
                    port:
                      number: 80
    # web/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ingress.yaml
    # web/overlays/production/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.assemble import deployed, ranks
from scaffold.model import Confidence, Finding, How, Overlay, Place, RenderedObject, Repository, Severity
from scaffold.rules.declaring import declared

ID = "contested-host"
SEVERITY = Severity.WARNING
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield one of two once, whatever the number of environments where they meet: the one that the host is not of."""
    known, clusters = ranks.known(repository.directories), deployed.clusters(repository)
    first: dict[tuple[str, str], tuple[Overlay, RenderedObject]] = {}
    seen = set()
    for overlay in repository.overlays.values():
        environment = ranks.part(overlay.path, known)
        cluster = clusters.get(overlay.name, "")
        alone = (
            "" if overlay.how is How.PLAIN else overlay.name or "."
        )  # what is built at once is in one place in any case
        for item in overlay.objects if environment or cluster or alone else ():
            for route in item.routes:
                other, meant = first.setdefault((environment or cluster or alone, route), (overlay, item))
                # Somebody may want them so in two namespaces, but ingress-nginx refuses the second one there, too.
                apart = other.path == overlay.path and meant.namespace != item.namespace and not _is_of_nginx(route)
                if apart or meant.name == item.name:
                    continue
                ends = (overlay, item), (other, meant)
                (where, odd), (there, owner) = ends[::-1] if _owns(item, route) and not _owns(meant, route) else ends
                place, related = _place(repository, where, odd), declared(repository, there, owner)
                if (place, route) not in seen:
                    seen.add((place, route))
                    requests = route.partition(" ")[0]
                    named = (("environment ", environment), ("cluster ", cluster), ("", overlay.name))
                    home = next((f"{noun}{name!r}" for noun, name in named if name), "one build")
                    fact = f"Ingress {odd.name!r} takes the requests for {requests!r} in {home}"
                    message = f"{fact}, as Ingress {owner.name!r} ({{0}}) does; give each its own host or path"
                    subject = f"{odd.name}/{requests}"
                    yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject, (related,))


def _is_of_nginx(route: str) -> bool:
    return route.partition(" ")[2].partition(" ")[0] == "nginx"


def _owns(item: RenderedObject, route: str) -> bool:
    """Tell whether a host is called like an Ingress."""
    return item.name in re.split(r"[./]", route.partition(" ")[0])


def _place(repository: Repository, overlay: Overlay, item: RenderedObject) -> Place:
    """The first host of an Ingress, in the file that declares it."""
    return declared(repository, overlay, item)._replace(pointer=("spec", "rules", 0, "host"))
