"""A patch replaces the very element of a list that a patch before it has put there.

`add` with a position puts an element before the one that is there, so that a later `replace` at the same position takes
that one away again, and not what the list began with (kustomize 5.8). It is told where both patches stand in one
kustomization, have an object in common, and nothing else changes the list in between; a replacement that keeps what was
added, or that asks for it by `test`, is meant.

Fails:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - web.yaml
    patches:
      - target:
          kind: Service
        patch: |
          - op: add
            path: /spec/externalIPs/0
            value: 192.0.2.1
      - target:
          kind: Service
          name: web
        patch: |
          - op: replace
            path: /spec/externalIPs/0
            value: 192.0.2.2
    # web.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: web
      namespace: web
    spec:
      type: ExternalName
      externalName: web.example.com
      externalIPs:
        - 192.0.2.3

Passes:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - web.yaml
    patches:
      - target:
          kind: Service
        patch: |
          - op: add
            path: /spec/externalIPs/0
            value: 192.0.2.1
      - target:
          kind: Service
          name: web
        patch: |
          - op: add
            path: /spec/externalIPs/0
            value: 192.0.2.2
    # web.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: web
      namespace: web
    spec:
      type: ExternalName
      externalName: web.example.com
      externalIPs:
        - 192.0.2.3
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold import parse
from scaffold.assemble import layers, patchable
from scaffold.model import Finding, Head, Kustomization, Place, Repository, Severity, mapping, sequence
from scaffold.model.values import text
from scaffold.rules import targets

ID = "overwritten-patch"
SEVERITY = Severity.ERROR
SCOPE = "repository"


class _Step(NamedTuple):
    """One operation of a kustomization's patches, in their order; `op` is empty where nobody knows what is done."""

    op: str
    path: str = ""
    value: Any = None
    target: Mapping[str, Any] = {}
    patch: int = 0
    number: int = 0

    @property
    def at(self) -> tuple[str, str]:
        """The list, and the position in it."""
        above, _, last = self.path.rpartition("/")
        return above, last


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every replacement of what has just been added; a layer that cannot be known is left alone."""
    known: layers.Known = {}
    for item in repository.kustomizations.values():
        steps = list(_steps(item))
        added = {step.path for step in steps if step.op == "add"}
        if any(step.op == "replace" and step.path in added and step.at[1].isdigit() for step in steps):
            layer = patchable.of(repository, item, known)
            yield from _overwritten(item, steps, layer) if layer else ()


def _overwritten(item: Kustomization, steps: list[_Step], layer: list[layers.Candidate]) -> Iterator[Finding]:
    """Go through the operations; `fresh` are the elements that stand where they were put.

    One that nobody knows meets all of them, and fits every object.
    """
    fresh: list[_Step] = []
    for step in steps:
        for before in [each for each in fresh if _meet(step, each)]:
            shared = [found.head for found in layer if all(layers.fits(s.target, found) for s in (before, step))]
            if not shared:
                continue
            fresh.remove(before)
            if step.op == "replace" and step.path == before.path and str(before.value) not in str(step.value):
                yield _finding(item, before, step, shared[0])
        if step.op == "add" and step.at[1].isdigit():
            fresh.append(step)


def _finding(item: Kustomization, before: _Step, step: _Step, head: Head) -> Finding:
    fact = f"patch replaces {step.path!r} of {head.kind} {head.name!r}, which an earlier one ({{0}}) has put there"
    place, related = _place(item, step), (_place(item, before),)
    message, subject = f"{fact}, so that is gone; use `op: add`", f"{item.directory}/{step.path}"
    return Finding(place, ID, message, SEVERITY, subject=subject, related=related)


def _place(item: Kustomization, step: _Step) -> Place:
    """The line of an operation in the text of its patch."""
    told = text(item.manifest.get("patches", step.patch, "patch"))
    line, _ = parse.locate(told, 0, (step.number, "op"))
    return item.place("patches", step.patch, "patch", line - 1)


def _meet(step: _Step, before: _Step) -> bool:
    """Tell whether an operation changes the list that an element was put into, before its end, or what is above it."""
    if step.at == (before.at[0], "-") and step.op == "add":
        return False
    return step.at[0] == before.at[0] or f"{before.path}/".startswith(f"{step.path}/")


def _steps(item: Kustomization) -> Iterator[_Step]:
    for index, entry in enumerate(map(mapping, sequence(item.manifest.get("patches")))):
        told, whole = text(entry.get("patch")), mapping(entry.get("target"))
        target, operations = targets.told(whole), parse.only(told)
        if not isinstance(operations, list) or not target or target != whole:
            yield _Step("")  # a merge, a file, or what labels choose
            continue
        for number, each in enumerate(map(mapping, operations)):
            yield _Step(text(each.get("op")), text(each.get("path")), each.get("value"), target, index, number)
