r"""A parameter of Helm sets an annotation or a label whose dots are not escaped.

Helm takes every dot of a name for a level, so the key gives a map in a map where a text belongs, and the object is
refused or goes without the annotation. A dot of the key itself is written `\.`. What a kustomization patches is judged
as it comes out.

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
        repoURL: https://charts.example.com
        chart: web
        targetRevision: 1.2.3
        helm:
          parameters:
            - name: ingress.annotations.web.example.com/rewrite
              value: "true"
      destination:
        name: in-cluster
        namespace: kube-system

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
        repoURL: https://charts.example.com
        chart: web
        targetRevision: 1.2.3
        helm:
          parameters:
            - name: ingress.annotations.web\.example\.com/rewrite
              value: "true"
      destination:
        name: in-cluster
        namespace: kube-system
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.assemble import patched
from scaffold.assemble.written import Written
from scaffold.model import Finding, Repository, Severity, mapping, sequence
from scaffold.model.values import text

ID = "unescaped-parameter"
SEVERITY = Severity.ERROR
SCOPE = "repository"
# A key with a domain and a slash behind what holds texts alone: annotations, labels, a selector of nodes.
_KEY = re.compile(r"(.*?(?:[aA]nnotations|[lL]abels|nodeSelector)\.)([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/[^/]+)")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every name of a parameter with such a key."""
    for item in _written(repository):
        for pointer, source in item.sources():
            for index, entry in enumerate(sequence(mapping(source.get("helm")).get("parameters"))):
                name = text(mapping(entry).get("name"))
                if (found := _KEY.fullmatch(name)) and "{{" not in name:
                    meant = found[1] + found[2].replace(".", r"\.")
                    fact = f"{item.what} sets parameter {name!r}, whose dots Helm takes for levels"
                    place = item.at(*pointer, "helm", "parameters", index, "name")
                    yield Finding(place, ID, f"{fact}; did you mean '{meant}'?", subject=f"{item.what}/{name}")


def _written(repository: Repository) -> Iterator[Written]:
    yield from (Written(manifest) for manifest in patched.deployed(repository, "Application"))
    yield from (Written(manifest, ("spec", "template")) for manifest in patched.deployed(repository, "ApplicationSet"))
