"""A workload's selector does not fit the labels of its own pods.

The API server refuses it: "`selector` does not match template `labels`". It comes of a patch or a label transformer
that reaches one of the two only.

Fails:

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
            app: site
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.0.0

Passes:

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

from scaffold.model import Finding, Manifest, Pod, Repository, Severity, is_variable, mapping
from scaffold.nearest import slipped
from scaffold.rules.selecting import fits

ID = "selector-mismatch"
SEVERITY = Severity.ERROR
SCOPE = "overlay"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield the first label of every selector that the pods do not have."""
    for overlay in repository.overlays.values():
        for pod in overlay.pods:
            selector = _selector(pod.manifest)
            if selector and pod.labels and not fits(selector, pod.labels):
                yield _finding(pod, selector)


def _selector(manifest: Manifest) -> dict[str, object]:
    """The selector, as a LabelSelector; none of a Job, whose own the API server makes."""
    found = mapping(manifest.get("spec", "selector"))
    if manifest.kind in {"Pod", "Job", "CronJob"} or any(map(is_variable, mapping(found.get("matchLabels")).values())):
        return {}
    return {"matchLabels": found} if manifest.kind == "ReplicationController" else dict(found)


def _finding(pod: Pod, selector: dict[str, object]) -> Finding:
    manifest = pod.manifest
    for key, value in mapping(selector.get("matchLabels")).items():
        if pod.labels.get(key) != value:
            has = f"have {pod.labels[key]!r}" if key in pod.labels else "do not have it"
            fact = f"selects label {key!r} with {value!r}, but its own pods {has}, so the API server refuses it"
            guess = slipped(str(value), [str(pod.labels.get(key, ""))])
            remedy = f"did you mean {guess!r}?" if guess else "give both the same"
            message = f"{manifest.kind} {manifest.name!r} {fact}; {remedy}"
            within = ("matchLabels",) if "matchLabels" in mapping(manifest.get("spec", "selector")) else ()
            own = manifest.place("spec", "selector", *within, key)
            template = manifest.place(*pod.template, "metadata", "labels", key)
            return Finding(template if key in pod.labels else own, ID, message, guess=guess)
    message = f"{manifest.kind} {manifest.name!r}, matchExpressions do not fit its own pods; give both the same labels"
    return Finding(manifest.place("spec", "selector", "matchExpressions"), ID, message)
