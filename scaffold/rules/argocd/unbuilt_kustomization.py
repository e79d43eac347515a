"""An Application reads a directory as plain manifests that has a kustomization.

Options of `directory` say what a source is, so Argo CD builds nothing: it applies the files one by one without
prefixes, patches and bases, and `kustomization.yaml` among them, whose kind no cluster knows, so that the sync fails
(3.5).

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

from scaffold.model import Finding, How, Repository, Severity, mapping

ID = "unbuilt-kustomization"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_FILTERS = ("exclude", "include")  # which may leave the kustomization out


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such source once, where the kustomization says its kind."""
    seen = set()
    for application in repository.applications:
        for source in application.sources:
            options, built = mapping(source.options.get("directory")), repository.kustomizations.get(source.path)
            if source.how is not How.PLAIN or not options or built is None or any(options.get(key) for key in _FILTERS):
                continue
            place = source.place._replace(pointer=(*source.place.pointer, "directory"), at_key=True)
            if place not in seen and built.manifest.data.get("kind"):
                seen.add(place)
                fact = (
                    f"application {application.name!r} reads {source.path!r} as plain manifests, since it has options "
                )
                message = f"{fact}of directory, while that is a kustomization ({{0}}); remove them"
                related = (built.place("kind"),)
                yield Finding(place, ID, message, subject=f"{application.name}/{source.path}", related=related)
