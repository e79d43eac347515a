"""An ApplicationSet without `goTemplate: true` holds what is no parameter there.

Only `{{name}}` is replaced. `{{ .name }}` and `{{name | lower}}`, a name of which a slip keeps it from one that a
generator gives, and `{{name}` stay as they are written, without a complaint, and are deployed so wherever the field
takes such text (seen with Argo CD 3.5). The values of charts and what plugins are told are left alone, since such text
may be meant for them, but for `{{ .name }}` of a parameter; the names of values files and of releases are looked at.

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
from scaffold.model import Finding, Pointer, Repository, Severity, dig, mapping, sequence
from scaffold.nearest import slipped

ID = "unexpanded-parameter"
SEVERITY = Severity.ERROR
SCOPE = "file"
_GO = re.compile(r"\{\{-?\s*(?:\.|[^{}]*\||[A-Za-z]\w*\s+[^{}\s-]|(?:end|else)\b)[^{}]*\}\}")
_FIELD = re.compile(r"\{\{-?\s*\.([\w.-]+)\s*-?\}\}")
_WHY = "since goTemplate is not true; set goTemplate, or write a name between the braces alone"
_OPEN = re.compile(r"\{\{[^{}]*\}(?!\})")
_NAME = re.compile(r"\{\{\s*([\w.-]+)\s*\}\}")
_OF_CLUSTERS = ("name", "nameNormalized", "project", "server")
_OF_DIRECTORIES = ("path", "path.basename", "path.basenameNormalized")
_OF_FILES = ("path.filename", "path.filenameNormalized")
_OF_OTHERS = frozenset(("helm", "plugin", "ignoreDifferences", "info"))
# What Argo CD itself reads of what Helm is told.
_TO_HELM = frozenset(
    ("apiVersions", "fileParameters", "kubeVersion", "namespace", "releaseName", "valueFiles", "version")
)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every text of such a template that stays as it is."""
    for manifest in written.manifests(repository, "argoproj.io/ApplicationSet"):
        if manifest.get("spec", "goTemplate") is True or not manifest.get("spec", "generators"):
            continue
        known = frozenset(_parameters(manifest.get("spec", "generators")))
        for pointer, text in _texts(manifest.get("spec", "template"), ("spec", "template")):
            left, why = _left(text, known, others=_is_of_others(pointer))
            if left:
                message = f"ApplicationSet {manifest.name!r} leaves {left!r} as it is, {why}"
                yield Finding(manifest.place(*pointer), ID, message, subject=f"{manifest.name}/{left}")


def _is_of_others(pointer: Pointer) -> bool:
    """Tell whether a text may be meant for a tool, and not for Argo CD."""
    found = next((index for index, key in enumerate(pointer) if key in _OF_OTHERS), None)
    return found is not None and not (pointer[found] == "helm" and _TO_HELM.issuperset(pointer[found + 1 : found + 2]))


def _left(text: str, known: frozenset[str], *, others: bool) -> tuple[str, str]:
    """What of a text is no parameter, and why; what others read may have expressions of theirs, but for a parameter."""
    if others:
        found = next((match for match in _FIELD.finditer(text) if match[1] in known), None)
        return (found[0], _WHY) if found else ("", "")
    if found := _GO.search(text):
        return found[0], _WHY
    if found := _OPEN.search(text):
        return found[0], "since a brace is missing; write two at the end"
    for name in _NAME.findall(text):
        if name not in known and (guess := slipped(name, known)):
            return f"{{{{{name}}}}}", f"since no generator gives that; did you mean {guess!r}?"
    return "", ""


def _parameters(generators: Any) -> Iterator[str]:
    """The names that generators give for sure; a patch may add others, and so may files."""
    for generator in sequence(generators):
        for kind, told in mapping(generator).items():
            yield from _OF_CLUSTERS if kind == "clusters" else ()
            yield from _OF_DIRECTORIES if kind == "git" else ()
            yield from _OF_FILES if kind == "git" and dig(told, "files") else ()
            for element in sequence(dig(told, "elements")):
                yield from _names(element, "")
            yield from _names({"values": dig(told, "values")}, "")
            yield from _parameters(dig(told, "generators"))


def _names(value: Any, prefix: str) -> Iterator[str]:
    for key, item in mapping(value).items():
        name = f"{prefix}{key}"
        yield from _names(item, f"{name}.") if isinstance(item, Mapping) else (name,)


def _texts(value: Any, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, (*pointer, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*pointer, index))
