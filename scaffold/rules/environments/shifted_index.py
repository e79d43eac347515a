"""A patch writes a value to another place of a list than the patches of other environments write the same.

Operations of JSON name an entry by its number alone, so that kustomize 5.8 writes to whatever stands there: the address
of a service goes to the variable beside the one that was meant. Compared are the values of variables in operations that
stand in kustomizations, of overlays that render the same variables of the same object: where two or more write a value
to one variable, and one writes to another what is the same but for the name of its environment, that one is reported.
The environment is what the directory is called, or one above it, as in `apps/staging/web`.

Fails:

    # base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - deployment.yaml
    # base/deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.0.0
              env:
                - name: LEVEL
                  value: info
                - name: CATALOG
                  value: http://catalog
    # overlays/development/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    patches:
      - target:
          kind: Deployment
          name: web
        patch: |
          - op: replace
            path: /spec/template/spec/containers/0/env/1/value
            value: http://catalog.development
    # overlays/staging/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    patches:
      - target:
          kind: Deployment
          name: web
        patch: |
          - op: replace
            path: /spec/template/spec/containers/0/env/0/value
            value: http://catalog.staging
    # overlays/production/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    patches:
      - target:
          kind: Deployment
          name: web
        patch: |
          - op: replace
            path: /spec/template/spec/containers/0/env/1/value
            value: http://catalog.production

Passes:

    # base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - deployment.yaml
    # base/deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.0.0
              env:
                - name: LEVEL
                  value: info
                - name: CATALOG
                  value: http://catalog
    # overlays/development/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    patches:
      - target:
          kind: Deployment
          name: web
        patch: |
          - op: replace
            path: /spec/template/spec/containers/0/env/1/value
            value: http://catalog.development
    # overlays/staging/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    patches:
      - target:
          kind: Deployment
          name: web
        patch: |
          - op: replace
            path: /spec/template/spec/containers/0/env/1/value
            value: http://catalog.staging
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from scaffold import load
from scaffold.assemble import ranks, readers
from scaffold.model import Finding, Kustomization, Place, Repository, Severity, dig, mapping, sequence
from scaffold.model.values import text

ID = "shifted-index"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_VARIABLE = re.compile(r"(/spec/[A-Za-z0-9/]+/env)/(\d+)/value\Z")
_FEWEST = 2  # that agree


class _Write(NamedTuple):
    """What is written: the object, its variables, the list, and the value but for its environment; and where."""

    what: tuple[str, ...]
    number: str
    value: str
    place: Place


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every value that one overlay alone writes to another variable."""
    found: dict[tuple[str, ...], list[_Write]] = {}
    for item in repository.kustomizations.values():
        for write in _writes(repository, item):
            found.setdefault(write.what, []).append(write)
    for writes in found.values():
        yield from _alone(writes)


def _alone(writes: list[_Write]) -> Iterator[Finding]:
    by_number: dict[str, list[_Write]] = {}
    for write in writes:
        by_number.setdefault(write.number, []).append(write)
    if len(by_number) != _FEWEST:
        return
    few, many = sorted(by_number.values(), key=len)
    if len(few) == 1 and len(many) >= _FEWEST:
        one, other = few[0], many[0]
        fact = f"patch writes {one.value!r} to env/{one.number}, while {len(many)} other overlays write the same"
        message = (
            f"{fact} to env/{other.number} ({{0}}), and the variables are the same; did you mean {other.number!r}?"
        )
        yield Finding(one.place, ID, message, subject="/".join(one.what[:3]), related=(other.place,))


def _writes(repository: Repository, item: Kustomization) -> Iterator[_Write]:
    """What the operations of a kustomization write to variables, of values that name the environment."""
    word = _environment(repository, item.directory)
    for index, entry in enumerate(sequence(item.manifest.get("patches"))):
        kind, name, patch = (text(dig(entry, *at)) for at in (("target", "kind"), ("target", "name"), ("patch",)))
        variables = _variables(repository, item, kind, name) if "/env/" in patch and name else ""
        operations = load.source_file("", patch.encode(), keep=True).documents or () if variables else ()
        for operation in (mapping(each) for document in operations for each in sequence(document)):
            at, value = _VARIABLE.match(text(operation.get("path"))), text(operation.get("value"))
            plain = _without_environment(value, word)
            if at and operation.get("op") in ("add", "replace") and plain != value:
                place = item.place("patches", index, "patch")
                yield _Write((kind, name, at[1], plain, variables), at[2], value, place)


def _variables(repository: Repository, item: Kustomization, kind: str, name: str) -> str:
    """The variables of the only object that a target fits, as every overlay renders them that reads the patch."""
    found, reading = set(), [each for each in readers.of(repository, item.manifest.path) if each.objects]
    if len({_environment(repository, overlay.path) for overlay in reading}) > 1:
        return ""  # a base is of no environment
    for overlay in reading:
        fitting = [o for o in overlay.objects if o.kind == kind and name in o.name and o.keys]
        named = [o for o in fitting if o.name == name] or fitting  # a prefix or a suffix may stand beside the name
        found.add(" ".join(named[0].keys) if len(named) == 1 else "")
    return found.pop() if len(found) == 1 else ""


def _environment(repository: Repository, directory: str) -> str:
    """What a directory is called, or else one above it that alone is called like an environment: `apps/test/web`."""
    name = posixpath.basename(directory)
    known = repository.once(_stages)
    return name if name in known else ranks.part(directory, known) or name


def _stages(repository: Repository) -> frozenset[str]:
    return ranks.known(repository.directories)


def _without_environment(value: str, word: str) -> str:
    return re.sub(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])", "*", value) if word else value
