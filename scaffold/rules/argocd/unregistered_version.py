"""An Application asks for a version of Kustomize that argocd-cm does not register.

A version is registered as `kustomize.path.<version>`, or as `kustomize.version.<version>` of old (Argo CD 3.5), and no
other kustomize stands in for one that is not: the Application is in error. It is looked at where the repository
registers some.

Fails:

    # argocd-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
      namespace: argocd
    data:
      kustomize.path.v5.4.3: /custom-tools/kustomize_5_4_3
    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web
        kustomize:
          version: v5.4.2
      destination:
        name: in-cluster
        namespace: kube-system
    # web/kustomization.yaml
    resources:
      - config.yaml
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # argocd-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
      namespace: argocd
    data:
      kustomize.path.v5.4.3: /custom-tools/kustomize_5_4_3
    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web
        kustomize:
          version: v5.4.3
      destination:
        name: in-cluster
        namespace: kube-system
    # web/kustomization.yaml
    resources:
      - config.yaml
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.assemble import argocd_settings
from scaffold.expand.sources import used_sources
from scaffold.model import Finding, Repository, Severity, dig, is_variable
from scaffold.model.values import text
from scaffold.nearest import hint

ID = "unregistered-version"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_VERSIONS = re.compile(r"kustomize\.(?:path|version)\.(.+)")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every Application with a version of Kustomize that none of the versions is which argocd-cm registers."""
    name, seen = argocd_settings.CM, set()
    written = argocd_settings.of_repository(repository, name)
    keys = {found[1]: (each, key) for each in written for key in each.data if (found := _VERSIONS.fullmatch(str(key)))}
    for application in () if not keys or argocd_settings.hidden(repository, name) else repository.applications:
        for pointer, source in used_sources(application.data):
            version, place = text(dig(source, "kustomize", "version")), application.at(*pointer, "kustomize", "version")
            if version and not is_variable(version) and version not in keys and place not in seen:
                seen.add(place)
                settings, key = next(iter(keys.values()))
                fact = f"application {application.name!r} asks for version {version!r} of Kustomize, which is refused"
                message = f"{fact}, since {name} does not register it ({{0}}); {hint(version, keys)}"
                yield Finding(place, ID, message, subject=f"{application.name}/{version}", related=(settings.at(key),))
