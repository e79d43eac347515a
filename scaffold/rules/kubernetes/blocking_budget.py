"""A PodDisruptionBudget allows no pod of a workload to be evicted.

It wants as many pods available as there are, or none unavailable, so that no node is ever drained: an upgrade of the
cluster waits for ever. A workload with one replica is left out, since its budget may be meant so. Pods of two budgets
are not evicted either: the API server answers with an error, as it takes no more than one.

Fails:

    # deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 3
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
    # other.yaml
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: web
    spec:
      minAvailable: 3
      selector:
        matchLabels:
          app: web
    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - deployment.yaml
      - other.yaml

Passes:

    # deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 3
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
    # other.yaml
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: web
    spec:
      minAvailable: 2
      selector:
        matchLabels:
          app: web
    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - deployment.yaml
      - other.yaml
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Confidence, Finding, Manifest, Pod, Repository, Severity, mapping

ID = "blocking-budget"
SEVERITY = Severity.WARNING
SCOPE = "overlay"
_RUN_ONCE = frozenset(("CronJob", "Job"))
_SCALERS = ("autoscaling/HorizontalPodAutoscaler", "keda.sh/ScaledObject")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every budget for a workload of several replicas that lets none of them go."""
    for overlay in repository.overlays.values():
        scaled = {str(m.get("spec", "scaleTargetRef", "name")) for m in overlay.of(*_SCALERS)}
        for budget in overlay.of("policy/PodDisruptionBudget"):
            chosen = [pod for pod in overlay.pods if pod.manifest.kind not in _RUN_ONCE and _selects(budget, pod)]
            if len(chosen) == 1:
                yield from _blocked(budget, chosen[0], is_scaled=chosen[0].manifest.name in scaled)
        for pod in overlay.pods:
            yield from _second(pod, [each for each in overlay.of("policy/PodDisruptionBudget") if _selects(each, pod)])


def _second(pod: Pod, budgets: list[Manifest]) -> Iterator[Finding]:
    """Yield every further budget of the pods of a workload."""
    for budget in budgets[1:] if pod.manifest.kind not in _RUN_ONCE else ():
        whole = f"{pod.manifest.kind} {pod.manifest.name!r}"
        fact = f"PodDisruptionBudget {budget.name!r} covers the pods of {whole}, as {budgets[0].name!r} does"
        message = f"{fact}, so none of them is ever evicted; remove one of the two"
        place = budget.place("metadata", "name")
        yield Finding(place, ID, message, SEVERITY, subject=f"{budget.name}/{pod.manifest.name}")


def _blocked(budget: Manifest, pod: Pod, *, is_scaled: bool) -> Iterator[Finding]:
    replicas = pod.manifest.get("spec", "replicas")
    if not isinstance(replicas, int) or replicas < 2:
        return
    for field, fact in (*_kept(budget, replicas, is_scaled=is_scaled), *_let_go(budget)):
        whole = (
            f"PodDisruptionBudget {budget.name!r} wants {fact}, so no pod of the {pod.manifest.kind} is ever evicted"
        )
        remedy = "lower it" if field == "minAvailable" else "raise it"
        yield Finding(budget.place("spec", field), ID, f"{whole}; {remedy}", SEVERITY, Confidence.MEDIUM)


def _kept(budget: Manifest, replicas: int, *, is_scaled: bool) -> Iterator[tuple[str, str]]:
    wanted = budget.get("spec", "minAvailable")
    if not is_scaled and (wanted == "100%" or (isinstance(wanted, int) and wanted >= replicas)):
        yield "minAvailable", f"minAvailable {wanted} of {replicas} replicas"


def _let_go(budget: Manifest) -> Iterator[tuple[str, str]]:
    allowed = budget.get("spec", "maxUnavailable")
    if allowed == "0%" or (allowed == 0 and allowed is not False):
        yield "maxUnavailable", f"maxUnavailable {allowed}"


def _selects(budget: Manifest, pod: Pod) -> bool:
    selector = mapping(budget.get("spec", "selector"))
    labels = mapping(selector.get("matchLabels"))
    if not labels or selector.get("matchExpressions") or budget.namespace != pod.manifest.namespace:
        return False
    return all(pod.labels.get(key) == value for key, value in labels.items())
