"""An Application stands in a namespace that Argo CD is not told to look into.

Beside its own namespace it looks into those of `application.namespaces` in argocd-cmd-params-cm only, whatever
`sourceNamespaces` of the project say, so nobody reads the Application. It is looked at where one config map of the
repository says which they are, and it is that of the Argo CD of the project.

Fails:

    # argocd-cmd-params-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cmd-params-cm
      namespace: argocd
    data:
      application.namespaces: shop-app
    # shop.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: shop
      namespace: argocd
    spec:
      sourceNamespaces:
        - shop-apps
      sourceRepos:
        - https://git.example.com/shop/deploy.git
      destinations:
        - name: in-cluster
          namespace: kube-system
    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: shop-apps
    spec:
      project: shop
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web
      destination:
        name: in-cluster
        namespace: kube-system
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # argocd-cmd-params-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cmd-params-cm
      namespace: argocd
    data:
      application.namespaces: shop-*
    # shop.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: shop
      namespace: argocd
    spec:
      sourceNamespaces:
        - shop-apps
      sourceRepos:
        - https://git.example.com/shop/deploy.git
      destinations:
        - name: in-cluster
          namespace: kube-system
    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: shop-apps
    spec:
      project: shop
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web
      destination:
        name: in-cluster
        namespace: kube-system
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import argocd_settings, projects
from scaffold.expand.permission import application_namespace_permitted
from scaffold.model import Finding, Repository, Severity, is_variable

ID = "unwatched-namespace"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_KEY = "application.namespaces"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every application in a namespace that is not looked into; its project tells where its Argo CD is."""
    told = argocd_settings.told(repository, argocd_settings.PARAMS, _KEY)
    if told is None:
        return
    seen = set()
    for application in repository.applications:
        project = projects.of(repository, application)
        namespace, place = application.namespace, application.at("metadata", "namespace")
        if project is None or not project.namespace or not told.is_for(project.namespace):
            continue
        known = not is_variable(namespace) and namespace
        if known and place not in seen and not _is_watched(told.value, namespace, project.namespace):
            seen.add(place)
            fact = f"application {application.name!r} is in namespace {namespace!r}, which Argo CD does not watch"
            message = f"{fact}, since {_KEY!r} of argocd-cmd-params-cm is {told.value!r} ({{0}}); add it there"
            yield Finding(place, ID, message, subject=f"{application.name}/{namespace}", related=(told.place,))


def _is_watched(value: str, namespace: str, own: str) -> bool:
    listed = {"spec": {"sourceNamespaces": [text.strip() for text in value.split(",")]}}
    verdict = application_namespace_permitted(listed, namespace, own)
    return bool(verdict.allowed or verdict.unverifiable)
