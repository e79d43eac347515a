"""An Application reads a directory as plain manifests that has a kustomization.

Options of `directory` say what a source is, so Argo CD builds nothing: it applies the files one by one without
prefixes, patches and bases, and `kustomization.yaml` among them, whose kind no cluster knows, so that the sync fails
(3.5). So it goes with kustomizations in directories below, where `recurse` is set. One that `include` or `exclude`
leaves out is passed over, and one without a kind, which Argo CD takes for no manifest.

Fails:

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
        directory:
          recurse: true
      destination:
        name: in-cluster
        namespace: kube-system
    # web/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    namePrefix: east-
    resources:
      - config.yaml
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

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
      destination:
        name: in-cluster
        namespace: kube-system
    # web/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    namePrefix: east-
    resources:
      - config.yaml
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import deployed
from scaffold.model import Application, Finding, Kustomization, Repository, Severity, Source

ID = "unbuilt-kustomization"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such source once, with the first kustomization that it reads."""
    seen = set()
    for built in repository.kustomizations.values():
        kind = built.manifest.data.get("kind")
        for application, source, sure in deployed.readers(repository, built.manifest.path) if kind else ():
            place = source.place._replace(pointer=(*source.place.pointer, "directory"), at_key=True)
            if place not in seen and sure and source.here and not application.draft:
                seen.add(place)
                yield _finding(application, source, built)


def _finding(application: Application, source: Source, built: Kustomization) -> Finding:
    fact = f"application {application.name!r} reads {source.path or '.'!r} as plain manifests, since it has options of"
    if source.path == built.directory:
        message = f"{fact} directory, while that is a kustomization ({{0}}); remove them"
    else:
        message = f"{fact} directory, and a kustomization below ({{0}}) as one of them; leave that out by exclude"
    place = source.place._replace(pointer=(*source.place.pointer, "directory"), at_key=True)
    return Finding(place, ID, message, subject=f"{application.name}/{source.path}", related=(built.place("kind"),))
