"""The selector of a workload holds its version, so that the next version cannot be applied.

`spec.selector` of a Deployment, a StatefulSet or a DaemonSet cannot be changed (apps/v1): the API server refuses the
workload as soon as `app.kubernetes.io/version` or `helm.sh/chart` in it has another value, which both have with each
release. It comes of `commonLabels`, or of `labels` with `includeSelectors`, most of the time. A value without a digit,
as `stable`, stays as it is.

Fails:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - deployment.yaml
    labels:
      - pairs:
          app.kubernetes.io/version: 1.0.0
        includeSelectors: true
    # deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
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

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - deployment.yaml
    labels:
      - pairs:
          app.kubernetes.io/version: 1.0.0
        includeTemplates: true
    # deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
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

from scaffold.model import Finding, How, Repository, Severity, is_variable, mapping

ID = "version-in-selector"
SEVERITY = Severity.WARNING
SCOPE = "overlay"
_WORKLOADS = ("apps/Deployment", "apps/StatefulSet", "apps/DaemonSet")
_VERSIONS = ("app.kubernetes.io/version", "helm.sh/chart")
_BY_HAND = "leave it out of the selector"
_BY_KUSTOMIZE = f"{_BY_HAND}, as includeTemplates does in place of includeSelectors"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every version in the selector of a workload."""
    for overlay in repository.overlays.values():
        remedy = _BY_KUSTOMIZE if overlay.how in (How.FLUX, How.KUSTOMIZE) else _BY_HAND
        for workload in overlay.of(*_WORKLOADS):
            labels = mapping(workload.get("spec", "selector", "matchLabels"))
            for key in (key for key in _VERSIONS if _is_version(labels.get(key))):
                fact = f"{workload.kind} {workload.name!r} selects label {key!r} with {labels[key]!r}"
                why = "as a selector cannot be changed, the next version is refused"
                place = workload.place("spec", "selector", "matchLabels", key)
                yield Finding(place, ID, f"{fact}, and {why}; {remedy}", SEVERITY)


def _is_version(value: object) -> bool:
    """Tell it from a word that stays, as `stable`, and from a variable."""
    return isinstance(value, str) and not is_variable(value) and any(sign.isdigit() for sign in value)
