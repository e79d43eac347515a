"""A StatefulSet is governed by a Service that nothing renders, while another one selects its pods.

The Service that `serviceName` names gives each pod its own host name, such as `web-0.web`. The API server takes a name
that is none; the pods start, and cannot find each other.

Fails:

    # web.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: web
      namespace: web
    spec:
      clusterIP: None
      selector:
        app: web
      ports:
        - name: http
          port: 80
    ---
    apiVersion: apps/v1
    kind: StatefulSet
    metadata:
      name: web
      namespace: web
    spec:
      serviceName: web-headless
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.0.0

Passes:

    # web.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: web
      namespace: web
    spec:
      clusterIP: None
      selector:
        app: web
      ports:
        - name: http
          port: 80
    ---
    apiVersion: apps/v1
    kind: StatefulSet
    metadata:
      name: web
      namespace: web
    spec:
      serviceName: web
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.0.0
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Confidence, Finding, Identity, Repository, Severity, is_variable, mapping
from scaffold.model.values import text
from scaffold.rules.selecting import fits

ID = "missing-governing-service"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_ARGOCD = "argocd-application-controller"  # whose own manifests name one that is not there (Argo CD 3.5), nor needed


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every StatefulSet whose Service is not there, where one alone, or one headless one, selects the pods.

    Several are named where they are all called after the one that is missing.
    """
    for overlay in repository.overlays.values():
        for pod in overlay.pods:  # of a StatefulSet alone, since nothing else has a `serviceName`
            manifest, name = pod.manifest, text(pod.manifest.get("spec", "serviceName"))
            services = [service for service in overlay.of("/Service") if service.namespace == manifest.namespace]
            if not name or is_variable(name) or name in {service.name for service in services}:
                continue
            if (manifest.name, pod.labels.get("app.kubernetes.io/name")) == (_ARGOCD, _ARGOCD):
                continue
            told = [(service.name, {"matchLabels": mapping(service.get("spec", "selector"))}) for service in services]
            meant = [each for each, selector in told if selector["matchLabels"] and fits(selector, pod.labels)]
            headless = {each.name for each in services if each.get("spec", "clusterIP") == "None"}
            meant = [each for each in meant if each in headless] or meant
            if len(meant) == 1 or (meant and all(each.startswith(f"{name}-") for each in meant)):
                fact = f"StatefulSet {manifest.name!r} is governed by Service {name!r}, which nothing renders"
                message = f"{fact}, and its pods are those of {' and '.join(map(repr, meant))}; "
                message += "did you mean that one?" if len(meant) == 1 else "did you mean one of them?"
                place = manifest.place("spec", "serviceName")
                told_by_name = name.startswith(f"{meant[0]}-")
                sure = meant[0] in headless or told_by_name  # it has no other purpose, or says which is meant
                unless = None if sure else Identity("", "Service", manifest.namespace, name)
                confidence = Confidence.HIGH if told_by_name else Confidence.MEDIUM
                yield Finding(place, ID, message, confidence=confidence, unless=unless)
