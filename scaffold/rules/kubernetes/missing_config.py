"""A pod needs a ConfigMap, a Secret, a claim or an account that nothing renders.

The pod does not start: it waits in `CreateContainerConfigError` or `ContainerCreating`, or is not made at all. What
kustomize generates and what a controller makes (SealedSecret, ExternalSecret, Certificate) counts as rendered,
references marked `optional` are not looked at, and a Secret is only missed where one of almost the same name is there,
because Secrets are made by hand as well. What a chart that was not rendered, or an operator, may
make is not missed, nor a kind of which the overlay renders nothing.

Fails:

    # pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
          envFrom:
            - configMapRef:
                name: web-setings
    # settings.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web-settings
    data:
      MODE: quiet

Passes:

    # pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
          envFrom:
            - configMapRef:
                name: web-settings
    # settings.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web-settings
    data:
      MODE: quiet
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scaffold.assemble import references
from scaffold.assemble.references import Need, unhashed
from scaffold.model import Finding, Overlay, Repository, Severity
from scaffold.rules.needing import missing, unmet

ID = "missing-config"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
# What a cluster, a mesh or a distribution makes in every namespace.
_THERE = frozenset("kube-root-ca.crt openshift-service-ca.crt istio-ca-root-cert builder deployer pipeline".split())


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every reference of a pod that nothing in the repository meets."""
    for overlay in repository.overlays.values():
        for pod in overlay.pods:
            for need, almost in unmet(overlay, references.of_pod(pod)):
                guess = almost or _unread(overlay, need)
                if need.name in _THERE or (need.kind == "/Secret" and not guess):
                    continue
                subject = f"{pod.manifest.kind} {pod.manifest.name!r}"
                fact = f"{subject} needs {need.kind[1:]} {need.name!r}, which nothing renders"
                place = pod.manifest.place(*need.pointer)
                finding = missing(place, ID, fact, need, guess)
                yield finding._replace(unless=None) if _is_idle(overlay, guess) else finding


def _unread(overlay: Overlay, need: Need) -> str:
    """The only object of a kind that nothing in the overlay names, and that was made for what misses another one.

    Its name is the same but for the last word, or has one more or less; of one that is generated, whose name nobody
    else can know, the first word is the same.
    """
    spoken = {m.name for m in overlay.of(need.kind) if m.namespace == need.namespace and _is_akin(m.name, need)}
    idle = sorted(name for name in spoken if not any(_holds(m.data.get("spec"), {name}) for m in overlay.manifests))
    return unhashed(idle[0]) if len(idle) == 1 else ""


def _is_akin(name: str, need: Need) -> bool:
    if name != unhashed(name):
        return name.startswith(need.name.partition("-")[0] + "-")
    head = need.name.rpartition("-")[0]
    alike = (bool(head) and name in (head, f"{head}-{name.rpartition('-')[2]}")) or name.startswith(f"{need.name}-")
    return need.kind == "/ConfigMap" and alike


def _is_idle(overlay: Overlay, name: str) -> bool:
    """Tell whether an object is generated, and nothing in the overlay has its hash, which nobody else can know."""
    generated = {m.name for m in overlay.of("/ConfigMap", "/Secret") if name and m.name != name == unhashed(m.name)}
    return len(generated) == 1 and not any(_holds(m.data.get("spec"), generated) for m in overlay.manifests)


def _holds(value: Any, names: set[str]) -> bool:
    if isinstance(value, dict | list):
        return any(_holds(inner, names) for inner in (value.values() if isinstance(value, dict) else value))
    return isinstance(value, str) and value in names
