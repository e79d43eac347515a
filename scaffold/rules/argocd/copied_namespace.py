"""An overlay puts its objects into the namespace of another Application.

Its kustomization was copied and its namespace not changed: that of a manifest wins over the destination, which Argo CD
sets only on objects without one (3.5), so the application runs beside another one, and its own namespace stays empty.
Told is an overlay of an environment whose kustomization says the namespace that another Application of the same cluster
has for its destination, where the same Application says its own in all other environments, and nothing here goes to the
namespace that this one has.

Fails:

    # apps/cart-staging.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: cart-staging
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: cart/staging
      destination:
        name: in-cluster
        namespace: cart-staging
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # apps/web-production.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web/production
      destination:
        name: in-cluster
        namespace: web-production
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # apps/web-staging.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web-staging
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web/staging
      destination:
        name: in-cluster
        namespace: web-staging
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # cart/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    # cart/base/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: cart
    # web/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    # web/base/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # cart/staging/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    namespace: cart-staging
    resources:
      - ../base
    # web/production/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    namespace: web-production
    resources:
      - ../base
    # web/staging/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    namespace: cart-staging
    resources:
      - ../base

Passes:

    # apps/cart-staging.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: cart-staging
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: cart/staging
      destination:
        name: in-cluster
        namespace: cart-staging
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # apps/web-production.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web/production
      destination:
        name: in-cluster
        namespace: web-production
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # apps/web-staging.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web-staging
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web/staging
      destination:
        name: in-cluster
        namespace: web-staging
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # cart/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    # cart/base/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: cart
    # web/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    # web/base/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # cart/staging/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    namespace: cart-staging
    resources:
      - ../base
    # web/production/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    namespace: web-production
    resources:
      - ../base
    # web/staging/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    namespace: web-staging
    resources:
      - ../base
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from scaffold.assemble import deployed, ranks
from scaffold.model import Application, Finding, Kustomization, Repository, Severity

ID = "copied-namespace"
SEVERITY = Severity.WARNING
SCOPE = "repository"


class _Sent(NamedTuple):
    """An application, the kustomization that it deploys, and the namespace that this says."""

    application: Application
    built: Kustomization
    namespace: str

    @property
    def is_own(self) -> bool:
        return self.namespace == self.application.destination_namespace


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every overlay that goes to another application's namespace, while those of other environments do not."""
    several = repository.once(_sent)
    owners = {(deployed.cluster(repository, s.application), s.namespace): s for s in several if s.is_own}
    alike: dict[tuple[str, ...], list[_Sent]] = {}
    for sent in several:
        alike.setdefault(_without_stage(sent.built.directory), []).append(sent)
    for sent in several if len(owners) < len(several) else ():
        group = alike[_without_stage(sent.built.directory)] if not sent.is_own else []
        others = [other for other in group if other.built.directory != sent.built.directory]
        owner = owners.get((deployed.cluster(repository, sent.application), sent.namespace))
        # One of another environment is told of by its name.
        usual = others and all(other.is_own and other is not owner for other in others)
        if owner and usual and sent.application.destination_namespace not in repository.once(_used):
            yield _finding(sent, owner.application)


def _sent(repository: Repository) -> list[_Sent]:
    """The applications that deploy one overlay of an environment as it is built, which says a namespace."""
    found = []
    for application in repository.applications:
        known = [repository.kustomizations.get(source.path) for source in application.sources if not source.chart]
        built = known[0] if len(known) == 1 else None
        namespace = built.manifest.data.get("namespace") if built else None
        if built and isinstance(namespace, str) and application.destination_namespace and _is_staged(built.directory):
            made = [item for _, item in deployed.foreseen(repository, application) if item.namespace]
            if made and all(item.namespace == namespace for item in made):
                found.append(_Sent(application, built, namespace))
    return found


def _used(repository: Repository) -> set[str]:
    """The namespaces that an object goes to by itself, or that another application has whose overlay says none."""
    sent = {id(each.application) for each in repository.once(_sent)}
    found = {item.namespace for overlay in repository.overlays.values() for item in overlay.objects}
    found.update(item.destination_namespace for item in repository.applications if id(item) not in sent)
    return found | {"default"} | {item.namespace for item in repository.applications}


def _is_staged(directory: str) -> bool:
    return any(ranks.rank(part) is not None for part in directory.split("/"))


def _without_stage(directory: str) -> tuple[str, ...]:
    return tuple("" if ranks.rank(part) is not None else part for part in directory.split("/"))


def _finding(sent: _Sent, owner: Application) -> Finding:
    name, own = sent.application.name, sent.application.destination_namespace
    fact = f"application {name!r} goes to namespace {sent.namespace!r} by its kustomization, as application"
    message = f"{fact} {owner.name!r} ({{0}}) does, and its own destination stays empty; did you mean {own!r}?"
    related = (owner.at("spec", "destination", "namespace"),)
    return Finding(sent.built.place("namespace"), ID, message, SEVERITY, subject=name, related=related)
