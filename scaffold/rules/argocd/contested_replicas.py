"""An Application that heals itself sets replicas that an autoscaler sets too.

The autoscaler changes `spec.replicas`, Argo CD finds the object out of sync and changes it back, and so on. Leave the
field out of the manifest, or list it under `ignoreDifferences`. What a chart of the repository makes counts, too. What
has no replicas rests while it is a HorizontalPodAutoscaler that scales it.

Fails:

    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        targetRevision: main
        path: payments
      destination:
        name: in-cluster
        namespace: payments
      syncPolicy:
        automated:
          selfHeal: true
    # payments/deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 2
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
              image: registry.example.com/checkout/payments:1.4.2
    # payments/hpa.yaml
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: web
    spec:
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: web
      minReplicas: 2
      maxReplicas: 6

Passes:

    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        targetRevision: main
        path: payments
      destination:
        name: in-cluster
        namespace: payments
      syncPolicy:
        automated:
          selfHeal: true
    # payments/deployment.yaml
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
              image: registry.example.com/checkout/payments:1.4.2
    # payments/hpa.yaml
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: web
    spec:
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: web
      minReplicas: 2
      maxReplicas: 6
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import argocd_settings, deployed, scaling
from scaffold.expand import globs
from scaffold.model import Application, Finding, RenderedObject, Repository, Severity, dig, mapping, sequence

ID = "contested-replicas"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_EVERYWHERE = "resource.customizations"
_FIELD = "replicas"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every workload whose autoscaler the same application deploys; generated ones share one place."""
    if _ignored_everywhere(repository):
        return
    seen = set()
    for application in repository.applications:
        if not application.heals:
            continue
        made = (*deployed.objects(repository, application), *deployed.of_charts(repository, application))
        items = [item for _, item in made]
        scalers = {(item.namespace, item.scales): item for item in items if item.scales}
        for item in items if scalers else ():
            scaler = scalers.get((item.namespace, f"{item.kind}/{item.name}"))
            place = application.at("spec", "syncPolicy", "automated", "selfHeal")
            subject = f"{application.name}/{item.kind}/{item.name}"
            if (
                scaler
                and scaling.is_changed(item.replicas, scaler.kind)
                and not _ignored(application, item)
                and (place, subject) not in seen
            ):
                seen.add((place, subject))
                fact = (
                    f"application {application.name!r} resets replicas of {item.kind} {item.name!r} to {item.replicas}"
                )
                message = f"{fact} whenever {scaler.kind} {scaler.name!r} changes them; remove replicas, or ignore them"
                yield Finding(place, ID, message, SEVERITY, subject=subject)


def _ignored(application: Application, item: RenderedObject) -> bool:
    """Tell whether the application ignores the field, or what a manager that may be the autoscaler sets."""
    for entry in map(mapping, sequence(dig(application.data, "spec", "ignoreDifferences"))):
        asked = ((entry.get("group"), item.identity.group), (entry.get("kind"), item.kind))
        if all(globs.matches(str(pattern or ""), text) for pattern, text in asked):
            fields = [*sequence(entry.get("jsonPointers")), *sequence(entry.get("jqPathExpressions"))]
            if entry.get("managedFieldsManagers") or any(_FIELD in str(field) for field in fields):
                return True
    return False


def _ignored_everywhere(repository: Repository) -> bool:
    settings = argocd_settings.of_repository(repository, argocd_settings.CM)
    texts = (str(value) for item in settings for key, value in item.data.items() if key.startswith(_EVERYWHERE))
    return any(_FIELD in text or "managedFieldsManagers" in text for text in texts) or bool(
        argocd_settings.hidden(repository, argocd_settings.CM)
    )
