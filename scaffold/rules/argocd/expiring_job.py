"""A Job that Kubernetes deletes when it has run is made again by the application that heals itself.

With `ttlSecondsAfterFinished` the Job is gone some time after its end. To Argo CD 3.5 it is then missing, and with
`selfHeal` it is created again, and runs again, for as long as the application is there. A hook runs once for each sync,
and is deleted as its `hook-delete-policy` says. Passed over are Jobs that are suspended, and those that some resource
exclusion hides.

Fails:

    # app.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: shop
      source:
        repoURL: https://example.com/shop.git
        path: web
        targetRevision: main
      destination:
        server: https://kubernetes.default.svc
        namespace: web
      syncPolicy:
        automated:
          selfHeal: true
    # web/migrate.yaml
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: migrate
    spec:
      ttlSecondsAfterFinished: 600
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: migrate
              image: registry.example.com/web:1.0.0

Passes:

    # app.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: shop
      source:
        repoURL: https://example.com/shop.git
        path: web
        targetRevision: main
      destination:
        server: https://kubernetes.default.svc
        namespace: web
      syncPolicy:
        automated:
          selfHeal: true
    # web/migrate.yaml
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: migrate
      annotations:
        argocd.argoproj.io/hook: Sync
        argocd.argoproj.io/hook-delete-policy: BeforeHookCreation
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: migrate
              image: registry.example.com/web:1.0.0
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import argocd_settings, deployed
from scaffold.model import Finding, Place, Repository, Severity
from scaffold.rules.declaring import declared

ID = "expiring-job"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_FIELD = ("spec", "ttlSecondsAfterFinished")
_EXCLUSIONS = ("resource.exclusions", "resource.inclusions")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such Job at the place that declares it, whatever the number of applications that deploy it."""
    if _hides_jobs(repository):
        return
    seen: set[Place] = set()
    for application in repository.applications:
        if not application.heals:
            continue
        made = (*deployed.objects(repository, application), *deployed.of_charts(repository, application))
        for overlay, item in (pair for pair in made if pair[1].expires):
            place = declared(repository, overlay, item)._replace(pointer=_FIELD)
            if place not in seen:
                seen.add(place)
                fact = f"Job {item.name!r} is deleted after it has run (ttlSecondsAfterFinished)"
                why = f"application {application.name!r} heals itself ({{0}}), so it runs again and again"
                message = f"{fact}, and {why}; make it a hook, or leave the field out"
                related = (application.at("spec", "syncPolicy", "automated", "selfHeal"),)
                yield Finding(place, ID, message, SEVERITY, subject=f"Job/{item.name}", related=related)


def _hides_jobs(repository: Repository) -> bool:
    """Tell whether Argo CD may not see Jobs at all, as far as its settings are here."""
    settings = argocd_settings.of_repository(repository, argocd_settings.CM)
    texts = (str(item.data.get(key) or "") for item in settings for key in _EXCLUSIONS)
    return any(word in text for text in texts for word in ("Job", "batch", "*"))
