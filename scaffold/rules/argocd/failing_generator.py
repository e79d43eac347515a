"""An ApplicationSet's generators fail, so that applications are missing.

One parameter set with a missing key makes zero applications for the whole set; a name that is no DNS name, a project
that is templated away or a duplicate drops the applications that have it (seen with Argo CD 3.5). Of a generator that
asks elsewhere, a cluster or a plugin, what its template says without it is looked at. A template without a spec is
refused with the whole set by the API server, which `schema-violation` tells.

Fails:

    # set.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: web
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions:
        - missingkey=error
      generators:
        - list:
            elements:
              - name: web
      template:
        metadata:
          name: "{{ .nmae }}"
        spec:
          project: default
          source:
            repoURL: https://git.example.com/platform/fleet.git
            path: "."
          destination:
            name: in-cluster
            namespace: web

Passes:

    # set.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: web
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions:
        - missingkey=error
      generators:
        - list:
            elements:
              - name: web
      template:
        metadata:
          name: "{{ .name }}"
        spec:
          project: default
          source:
            repoURL: https://git.example.com/platform/fleet.git
            path: "."
          destination:
            name: in-cluster
            namespace: web
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity

ID = "failing-generator"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every error of every set, at what is at fault."""
    for item in repository.sets:
        for error in item.errors if item.manifest.get("spec", "template", "spec") is not None else ():
            made = _made(len(item.names))
            fact = f"ApplicationSet {item.manifest.name!r} fails, {error.text}, and {made}"
            message = f"{fact}; mend its template or its parameters"
            yield Finding(item.manifest.place(*error.pointer), ID, message, subject=error.text)


def _made(count: int) -> str:
    if count > 1:
        return f"only {count} applications are made"
    return "only one application is made" if count else "no application is made"
