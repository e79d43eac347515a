"""A template reads a file that its chart does not have.

`.Files.Get` of Helm 4.2 gives nothing, and no error, for a file that is not in the chart's directory, or that its
`.helmignore` leaves out. Looked at are names that templates of charts of this repository write out, where nothing in
the same action is said for that case. What is not there at all counts where an engine deploys the chart from here; who
packs one may put it there first. A `.helmignore` with `!` is not read.

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
        path: charts/web
        helm:
          valueFiles:
            - ../../production.yaml
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # production.yaml
    mode: fast
    # charts/web/Chart.yaml
    apiVersion: v2
    name: web
    version: 1.0.0
    # charts/web/values.yaml
    mode: slow
    # charts/web/templates/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data:
      mode: {{ .Values.mode }}
      routes: |
        {{- .Files.Get "files/routes.conf" | nindent 4 }}
    # charts/web/files/routes.conf
    / web
    # charts/web/.helmignore
    *.conf

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
        path: charts/web
        helm:
          valueFiles:
            - ../../production.yaml
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # production.yaml
    mode: fast
    # charts/web/Chart.yaml
    apiVersion: v2
    name: web
    version: 1.0.0
    # charts/web/values.yaml
    mode: slow
    # charts/web/templates/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data:
      mode: {{ .Values.mode }}
      routes: |
        {{- .Files.Get "files/routes.conf" | nindent 4 }}
    # charts/web/files/routes.conf
    / web
    # charts/web/.helmignore
    *.md
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from scaffold.model import NOWHERE, Finding, Place, Repository, Severity
from scaffold.nearest import near
from scaffold.rules import given

ID = "missing-chart-file"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every file that a template asks for in vain, where it is left out, or where it is asked for."""
    told: set[tuple[Place, str]] = set()
    for chart, path, action in given.actions(repository, "file"):
        asked = posixpath.normpath(posixpath.join(chart, action.text))
        left = repository.lacking.get(asked)
        if left is None or (left, asked) in told:
            continue
        told.add((left, asked))
        reads = Place(path, line=action.line, column=action.column)
        if left != NOWHERE:
            fact = f"this leaves {action.text!r} out of the chart, which a template ({{0}}) reads"
            message = f"{fact} and gets nothing for; put it elsewhere, or narrow the pattern"
            yield Finding(left, ID, message, SEVERITY, subject=asked, related=(reads,))
        else:
            yield Finding(reads, ID, _message(repository, chart, action.text), SEVERITY, subject=asked)


def _message(repository: Repository, chart: str, name: str) -> str:
    prefix = f"{chart}/" if chart else ""
    known = [path.removeprefix(prefix) for path in repository.paths - repository.directories if path.startswith(prefix)]
    guess = near(name, (path for path in known if not path.startswith("templates/")), 0.8)
    remedy = f"did you mean {guess!r}?" if guess else "add it, or leave that out"
    return f"chart {chart or '.'!r} has no {name!r}, so this gives nothing; {remedy}"
