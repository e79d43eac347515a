"""A `templatePatch` sets the project, which Argo CD leaves as the template says.

Everything else that the patch sets is taken over; the project is put back, so that nobody leaves the one that the
template names (Argo CD 3.5). Set it in the template, by a parameter where it differs.

Fails:

    # set.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: shop
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions:
        - missingkey=error
      generators:
        - list:
            elements:
              - name: web
      templatePatch: |
        spec:
          project: platform
          syncPolicy:
            automated:
              prune: true
      template:
        metadata:
          name: '{{ .name }}'
        spec:
          project: default
          source:
            repoURL: https://git.example.com/shop/deploy.git
            targetRevision: main
            path: web
          destination:
            name: in-cluster
            namespace: web
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data: {}

Passes:

    # set.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: shop
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions:
        - missingkey=error
      generators:
        - list:
            elements:
              - name: web
      templatePatch: |
        spec:
          syncPolicy:
            automated:
              prune: true
      template:
        metadata:
          name: '{{ .name }}'
        spec:
          project: default
          source:
            repoURL: https://git.example.com/shop/deploy.git
            targetRevision: main
            path: web
          destination:
            name: in-cluster
            namespace: web
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data: {}
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import written
from scaffold.model import Finding, Repository, Severity

ID = "ignored-template-patch"
SEVERITY = Severity.WARNING
SCOPE = "file"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every line of a patch that sets the project of the specification itself."""
    for manifest in written.manifests(repository, "argoproj.io/ApplicationSet"):
        patch = manifest.get("spec", "templatePatch")
        for number, value in _projects(patch) if isinstance(patch, str) else ():
            fact = f"templatePatch of ApplicationSet {manifest.name!r} sets project {value!r}, which is ignored"
            place = manifest.place("spec", "templatePatch", number)
            yield Finding(place, ID, f"{fact}; set it in the template", SEVERITY, subject=manifest.name)


def _projects(patch: str) -> Iterator[tuple[int, str]]:
    """The lines `project` right below `spec`, with what they set."""
    depth = 0
    for number, line in enumerate(patch.splitlines()):
        plain, indent = line.strip(), len(line) - len(line.lstrip(" "))
        if not plain or plain.startswith(("{{", "#")):
            continue
        if indent == 0:
            depth = 0
            continue
        depth = depth or indent
        if indent == depth and plain.startswith("project:"):
            yield number, plain.partition(":")[2].strip().strip("'\"")
