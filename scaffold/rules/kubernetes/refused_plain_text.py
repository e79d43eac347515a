"""A DestinationRule of Istio turns TLS off for a Service whose pods take nothing else.

The sidecars of clients send plain text, those of the pods refuse it, as the PeerAuthentication of their namespace is
`STRICT`, and every call fails with 503 (Istio 1.28). It is looked at where the Service, its pods and both objects are
rendered together, and passed over where pods say themselves whether they have a sidecar, where a PeerAuthentication is
for some pods, where ambient mode is on, and for a part of the clients.

Fails:

    # all.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: shop
      namespace: shop
    spec:
      selector:
        app: shop
      ports:
        - port: 80
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: shop
      namespace: shop
    spec:
      selector:
        matchLabels:
          app: shop
      template:
        metadata:
          labels:
            app: shop
        spec:
          containers:
            - name: shop
              image: registry.example.com/shop:1.0.0
    ---
    apiVersion: security.istio.io/v1
    kind: PeerAuthentication
    metadata:
      name: default
      namespace: shop
    spec:
      mtls:
        mode: STRICT
    ---
    apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata:
      name: shop
      namespace: shop
    spec:
      host: shop
      trafficPolicy:
        tls:
          mode: DISABLE

Passes:

    # all.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: shop
      namespace: shop
    spec:
      selector:
        app: shop
      ports:
        - port: 80
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: shop
      namespace: shop
    spec:
      selector:
        matchLabels:
          app: shop
      template:
        metadata:
          labels:
            app: shop
        spec:
          containers:
            - name: shop
              image: registry.example.com/shop:1.0.0
    ---
    apiVersion: security.istio.io/v1
    kind: PeerAuthentication
    metadata:
      name: default
      namespace: shop
    spec:
      mtls:
        mode: STRICT
    ---
    apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata:
      name: shop
      namespace: shop
    spec:
      host: shop
      trafficPolicy:
        tls:
          mode: ISTIO_MUTUAL
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Manifest, Overlay, Repository, Severity, mapping
from scaffold.model.values import text
from scaffold.rules.selecting import selected

ID = "refused-plain-text"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_INJECT = "sidecar.istio.io/inject"
_MODE = ("spec", "trafficPolicy", "tls", "mode")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such DestinationRule, with the PeerAuthentication that refuses what it lets through."""
    for overlay in repository.overlays.values():
        for rule in overlay.of("networking.istio.io/DestinationRule") if not overlay.partial else ():
            whole = rule.get(*_MODE) == "DISABLE" and not rule.get("spec", "workloadSelector")
            strict = _strict(overlay, rule.namespace) if whole and not rule.get("spec", "exportTo") else None
            if strict and _is_met(overlay, rule) and not _is_ambient(overlay, rule.namespace):
                yield _finding(rule, strict)


def _strict(overlay: Overlay, namespace: str) -> Manifest | None:
    """The only PeerAuthentication of a namespace, where it is for all pods, and strict."""
    every = overlay.of("security.istio.io/PeerAuthentication")
    own = [each for each in every if each.namespace == namespace]
    whole = len(own) == 1 and not own[0].get("spec", "selector")
    return own[0] if whole and own[0].get("spec", "mtls", "mode") == "STRICT" else None


def _is_met(overlay: Overlay, rule: Manifest) -> bool:
    """Tell whether a rule is for a Service of its namespace whose pods are here, and do not speak of sidecars."""
    namespace = rule.namespace
    hosts = ("", f".{namespace}", f".{namespace}.svc", f".{namespace}.svc.cluster.local") if namespace else ("",)
    for service in overlay.of("/Service"):
        if service.namespace == namespace and text(rule.get("spec", "host")) in {service.name + end for end in hosts}:
            selector = mapping(service.get("spec", "selector"))
            pods = selected(overlay, service, {"matchLabels": selector}) if selector else []
            notes = [mapping(pod.manifest.get(*pod.template, "metadata", "annotations")) for pod in pods]
            return bool(pods) and not any(_INJECT in said for said in (*notes, *(pod.labels for pod in pods)))
    return False


def _is_ambient(overlay: Overlay, namespace: str) -> bool:
    """Tell whether a namespace is in ambient mode, in which there are no sidecars."""
    spaces = (each for each in overlay.of("/Namespace") if each.name == namespace)
    return any("istio.io/dataplane-mode" in mapping(each.metadata.get("labels")) for each in spaces)


def _finding(rule: Manifest, strict: Manifest) -> Finding:
    fact = f"DestinationRule {rule.name!r} has clients send plain text to {text(rule.get('spec', 'host'))!r}"
    need = f"PeerAuthentication {strict.name!r} of its namespace is STRICT and has it refused"
    return Finding(rule.place(*_MODE), ID, f"{fact}, and {need}; use mode ISTIO_MUTUAL", SEVERITY)
