"""A goTemplate ApplicationSet does not ask for missing keys to be errors.

A key that is not there becomes the text `<no value>`, also in a namespace or a path, and the applications are made.
It is said once for a repository, at the first of its sets: whoever leaves the option out of one leaves it out of all.

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

import json
import re
from collections.abc import Iterator

from scaffold import parse
from scaffold.model import Finding, Manifest, Repository, Severity, sequence

ID = "unchecked-template-key"
SEVERITY = Severity.WARNING
SCOPE = "repository"
# What a template asks of a key that may be missing.
_ASKING = re.compile(
    r"\b(?:hasKey|coalesce)\b|\bdefault\s+(?:\\?\"[^\"]*+\"|[^\s()]++)\s+\.\w|\.\w++\s*+\|\s*+default\b"
)
_NAMED = 3  # sets that a message names


def check(repository: Repository) -> Iterator[Finding]:
    """Yield one finding for all ApplicationSets with goTemplate and without the option."""
    found = sorted(_unchecked(repository), key=lambda manifest: (manifest.path, manifest.document))
    if found:
        first = found[0].place("spec", "goTemplate", at_key=True)
        names = list(dict.fromkeys(manifest.name for manifest in found))
        message = f"{_fact(names)}; add 'missingkey=error' to goTemplateOptions"
        yield Finding(first, ID, message, SEVERITY)


def _unchecked(repository: Repository) -> Iterator[Manifest]:
    for manifest in (item.manifest for item in repository.sets):
        options = sequence(manifest.get("spec", "goTemplateOptions"))
        if any(map(_ASKING.search, parse.actions(json.dumps(manifest.get("spec", "template"), default=str)))):
            continue  # which the option would stop
        if manifest.get("spec", "goTemplate") is True and "missingkey=error" not in options:
            yield manifest


def _fact(names: list[str]) -> str:
    if len(names) == 1:
        return f"ApplicationSet {names[0]!r} takes a missing key for text"
    named = ", ".join(repr(name) for name in names[:_NAMED])
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"ApplicationSets {named}{more} take a missing key for text"
