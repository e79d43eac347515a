"""A goTemplate ApplicationSet does not ask for missing keys to be errors.

A key that is not there becomes the text `<no value>`, also in a namespace or a path, and the applications are made.

Fails:

    # set.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: web
      namespace: argocd
    spec:
      goTemplate: true
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

from scaffold.model import Finding, Repository, Severity, sequence

ID = "unchecked-template-key"
SEVERITY = Severity.WARNING
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every ApplicationSet with goTemplate and without the option."""
    for manifest in (item.manifest for item in repository.sets):
        if manifest.get("spec", "goTemplate") is not True:
            continue
        if "missingkey=error" not in sequence(manifest.get("spec", "goTemplateOptions")):
            fact = f"ApplicationSet {manifest.name!r} takes a missing key for text"
            message = f"{fact}; add 'missingkey=error' to goTemplateOptions"
            yield Finding(manifest.place("spec", "goTemplate", at_key=True), ID, message, SEVERITY)
