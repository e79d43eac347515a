"""The default of a template replaces a value that is set.

`default` of Helm 4.2 gives its own value where the other one is empty, and `false` and 0 are empty: with `| default
true` nothing can be false. Looked at are templates of charts of this repository beside the files of values that these
get here; 0 is passed over in the chart's own `values.yaml`, where it may ask for the default, and so is a value of
which the template asks elsewhere whether it is set. Charts in the `charts/` of another one are somebody else's.

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
    guests: false
    # charts/web/Chart.yaml
    apiVersion: v2
    name: web
    version: 1.0.0
    # charts/web/values.yaml
    guests: true
    # charts/web/templates/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data:
      GUESTS: "{{ .Values.guests | default true }}"

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
    guests: false
    # charts/web/Chart.yaml
    apiVersion: v2
    name: web
    version: 1.0.0
    # charts/web/values.yaml
    guests: true
    # charts/web/templates/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data:
      GUESTS: "{{ .Values.guests }}"
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scaffold.model import Finding, Place, Repository, Severity
from scaffold.rules import given
from scaffold.rules.given import Given

ID = "swallowed-value"
SEVERITY = Severity.WARNING
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every default that makes something else of a value that is set here."""
    for chart, path, action in given.actions(repository, "default"):
        known = given.values(repository).get(chart, {}).get(action.path, ())
        if swallowed := _swallowed(known, flag=action.text == "true"):
            name, value = ".".join(map(str, action.path)), str(swallowed.value).lower()
            fact = f"value {name!r} is {value} {swallowed.where}, where this gives {action.text}, since it is empty"
            message = f"{fact}; leave the default to values.yaml"
            place = Place(path, line=action.line, column=action.column)
            yield Finding(place, ID, message, SEVERITY, subject=name, related=(swallowed.place,))


def _swallowed(known: Iterable[Given], *, flag: bool) -> Given | None:
    """The last of the values that is false, or that is 0 and not the chart's own."""
    same = [each for each in known if isinstance(each.value, bool) == flag and not each.value]
    return next((each for each in reversed(same) if flag or not each.own), None)
