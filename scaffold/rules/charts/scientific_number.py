"""A template prints a large number in scientific notation.

Helm 4.2 reads numbers of values as floating point, so that a template prints 1000000 as `1e+06`. YAML reads that as the
same number, but within a text, as in `--limit={{ .Values.limit }}`, and in quotes it is what the program gets. Looked
at are the numbers from a million on that the chart's own `values.yaml` has, or a file of values that it gets here.

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
    limit: 104857600
    # charts/web/Chart.yaml
    apiVersion: v2
    name: web
    version: 1.0.0
    # charts/web/values.yaml
    limit: 1024
    # charts/web/templates/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data:
      arguments: --limit={{ .Values.limit }}

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
    limit: 104857600
    # charts/web/Chart.yaml
    apiVersion: v2
    name: web
    version: 1.0.0
    # charts/web/values.yaml
    limit: 1024
    # charts/web/templates/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data:
      arguments: --limit={{ .Values.limit | int64 }}
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Place, Repository, Severity
from scaffold.rules import given

ID = "scientific-number"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_FIRST, _BEYOND = 1_000_000, 2**63  # what is larger int64 does not hold either


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every place where a text gets a large number."""
    for chart, path, action in given.actions(repository, "embedded"):
        known = given.values(repository).get(chart, {}).get(action.path, ())
        large = next((each for each in reversed(known) if _FIRST <= abs(each.value) < _BEYOND), None)
        if large is not None:
            name = ".".join(map(str, action.path))
            fact = f"value {name!r} is {large.value} {large.where}, which is printed as {printed(large.value)}"
            place = Place(path, line=action.line, column=action.column)
            message = f"{fact}; write `{{{{ .Values.{name} | int64 }}}}`"
            yield Finding(place, ID, message, SEVERITY, subject=name, related=(large.place,))


def printed(number: int) -> str:
    """A whole number of more than six digits as Go prints a floating-point number."""
    digits = repr(float(number)).removesuffix(".0")
    if "e" in digits:
        return digits
    sign, figures = digits[: number < 0], digits[number < 0 :]
    rest = figures[1:].rstrip("0")
    return f"{sign}{figures[0]}{'.' if rest else ''}{rest}e+{len(figures) - 1:02}"
