"""An Application deploys an object of a kind that Argo CD leaves out.

It is never applied, with nothing but an ExcludedResourceWarning: Argo CD 3 is installed with a list of such kinds in
`resource.exclusions`, Endpoints and EndpointSlices among them, and some it leaves out always. Where argocd-cm names
exclusions here, only those that are always left out are reported.

Fails:

    # .gitops-scaffold.yaml
    repository: https://git.example.com/checkout/deploy.git
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
        path: payments
      destination:
        name: in-cluster
        namespace: payments
    # payments/database.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: database
    spec:
      ports:
        - port: 5432
    ---
    apiVersion: v1
    kind: Endpoints
    metadata:
      name: database
    subsets:
      - addresses:
          - ip: 192.0.2.10
        ports:
          - port: 5432

Passes:

    # .gitops-scaffold.yaml
    repository: https://git.example.com/checkout/deploy.git
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
        path: payments
      destination:
        name: in-cluster
        namespace: payments
    # payments/database.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: database
    spec:
      type: ExternalName
      externalName: database.example.com
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import argocd_settings
from scaffold.expand import exclusions
from scaffold.model import Finding, Repository, Severity
from scaffold.rules.declaring import declared

ID = "excluded-kind"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every object once for each overlay, where the file that declares it says its kind."""
    changed = _is_changed(repository)
    for application in repository.applications:
        for source in application.sources:
            overlay = repository.overlays.get(source.path) if source.here and not source.ref else None
            for item in overlay.objects if overlay else ():
                if overlay and exclusions.excluded(item.identity.group, item.kind, changed=changed):
                    fact = f"{item.kind} {item.name!r} is never applied by application {application.name!r}"
                    remedy = "take it out, or change 'resource.exclusions' in argocd-cm"
                    message = f"{fact}, since Argo CD leaves out its kind; {remedy}"
                    subject = f"{overlay.path}/{item.kind}/{item.name}"
                    yield Finding(declared(repository, overlay, item), ID, message, subject=subject)


def _is_changed(repository: Repository) -> bool:
    """Tell whether something here says what is left out, or included."""
    written = argocd_settings.of_repository(repository, argocd_settings.CM)
    keys = {key for settings in written for key in settings.data}
    made = " ".join(argocd_settings.generated(repository, argocd_settings.CM))
    return any(key in keys or key in made for key in ("resource.exclusions", "resource.inclusions"))
