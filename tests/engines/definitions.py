"""The custom resources that generated repositories use, as their projects publish them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engines import golang
from engines.kube import read
from engines.programs import MODULES

_WHERE = {
    "argo-cd": "manifests/crds",
    "argocd-image-updater": "config/crd/bases",
    "source-controller": "config/crd/bases",
    "kustomize-controller": "config/crd/bases",
    "image-reflector-controller": "config/crd/bases",
    "image-automation-controller": "config/crd/bases",
    "gateway-api": "config/crd/standard",
    "prometheus-operator": "example/prometheus-operator-crd",
    "external-secrets": "config/crds/bases",
    "sealed-secrets": "helm/sealed-secrets/crds",
    "flux-operator": "config/crd/bases",
}
# Of the larger groups only what a generated repository may hold: each costs the API server a part of a second.
_GROUPS = ("argoproj.io", "source.toolkit.fluxcd.io", "kustomize.toolkit.fluxcd.io")
_KINDS = (
    *("Gateway", "HTTPRoute", "PodMonitor", "ServiceMonitor", "PrometheusRule"),
    *("ExternalSecret", "SecretStore", "SealedSecret", "FluxInstance"),
    *("ImageUpdater", "ImageRepository", "ImagePolicy", "ImageUpdateAutomation"),
)
# helm-controller publishes no definition as a manifest: this one takes everything, and its schema judges it elsewhere.
_ANYTHING = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
_HELM_RELEASE = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "helmreleases.helm.toolkit.fluxcd.io"},
    "spec": {
        "group": "helm.toolkit.fluxcd.io",
        "names": {"kind": "HelmRelease", "plural": "helmreleases"},
        "scope": "Namespaced",
        "versions": [
            {
                "name": "v2",
                "served": True,
                "storage": True,
                "subresources": {"status": {}},
                "schema": {"openAPIV3Schema": _ANYTHING},
            }
        ],
    },
}


def custom_resources() -> Iterable[Any]:
    """Definitions of the groups in use; conversion webhooks are dropped, because nobody answers for them here."""
    for name, directory in _WHERE.items():
        for item in read(golang.module_directory(MODULES[name]) / directory):
            spec = item["spec"]
            if item["kind"] == "CustomResourceDefinition" and (
                spec["group"] in _GROUPS or spec["names"]["kind"] in _KINDS
            ):
                spec.pop("conversion", None)
                yield item


def beside_engines() -> Iterable[Any]:
    """Definitions that no engine's installation brings, as fleets with everything need them."""
    yield from (item for item in custom_resources() if item["spec"]["group"] not in _GROUPS)
    yield _HELM_RELEASE
