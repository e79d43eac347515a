"""An ApplicationSet without `goTemplate: true` uses the syntax of Go templates.

Only `{{name}}` is replaced there. `{{ .name }}` and `{{name | lower}}` stay as they are written, without a complaint,
and are deployed so wherever the field takes such text (seen with Argo CD 3.5). The values of charts are not looked at,
since such text may be meant for Helm.

Fails:

    # set.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: teams
      namespace: argocd
    spec:
      generators:
        - list:
            elements:
              - name: checkout
      template:
        metadata:
          name: "{{name}}"
        spec:
          project: default
          source:
            repoURL: https://git.example.com/platform/fleet.git
            targetRevision: v1.0.0
            path: teams/{{ .name }}
          destination:
            name: in-cluster
            namespace: "{{name}}"

Passes:

    # set.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: teams
      namespace: argocd
    spec:
      generators:
        - list:
            elements:
              - name: checkout
      template:
        metadata:
          name: "{{name}}"
        spec:
          project: default
          source:
            repoURL: https://git.example.com/platform/fleet.git
            targetRevision: v1.0.0
            path: teams/{{name}}
          destination:
            name: in-cluster
            namespace: "{{name}}"
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.assemble import written
from scaffold.model import Finding, Pointer, Repository, Severity

ID = "unexpanded-parameter"
SEVERITY = Severity.ERROR
SCOPE = "file"
_GO = re.compile(r"\{\{-?\s*(?:\.|[^{}]*\||(?:if|range|with|end|else)\b)[^{}]*\}\}")
_OF_OTHERS = frozenset(("helm", "plugin", "ignoreDifferences", "info"))


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every text of such a template that stays as it is."""
    for manifest in written.manifests(repository, "argoproj.io/ApplicationSet"):
        if manifest.get("spec", "goTemplate") is True or not manifest.get("spec", "generators"):
            continue
        for pointer, text in _texts(manifest.get("spec", "template"), ("spec", "template")):
            if found := _GO.search(text):
                fact = f"ApplicationSet {manifest.name!r} leaves {found[0]!r} as it is, since goTemplate is not true"
                message = f"{fact}; set goTemplate, or write a name between the braces alone"
                yield Finding(manifest.place(*pointer), ID, message, subject=f"{manifest.name}/{found[0]}")


def _texts(value: Any, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if key not in _OF_OTHERS:
                yield from _texts(item, (*pointer, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*pointer, index))
