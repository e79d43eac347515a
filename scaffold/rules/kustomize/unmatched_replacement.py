"""A replacement writes to an object that is not there.

Kustomize refuses a replacement whose source is missing, and says nothing of a target that selects no object: the value
stays as it was. Names and kinds are patterns that have to match as a whole.

Fails:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    replacements:
      - source:
          kind: ConfigMap
          name: web
          fieldPath: data.name
        targets:
          - select:
              kind: ConfigMap
              name: wbe
            fieldPaths:
              - data.host
    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data:
      host: a
      name: web

Passes:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    replacements:
      - source:
          kind: ConfigMap
          name: web
          fieldPath: data.name
        targets:
          - select:
              kind: ConfigMap
              name: web
            fieldPaths:
              - data.host
    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data:
      host: a
      name: web
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from scaffold.assemble import layers
from scaffold.model import Finding, Kustomization, Place, Repository, Severity, dig, mapping, sequence
from scaffold.rules import targets

ID = "unmatched-replacement"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_Placing = Callable[..., Place]


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every target that no object of its layer fits; a layer that cannot be known is left alone."""
    known: layers.Known = {}
    users: dict[str, list[Kustomization]] = {}
    for item in repository.kustomizations.values():
        own = item.manifest.get("replacements")
        if own and not item.is_component:
            layer = layers.before_patches(repository, item.directory, known)
            yield from _unmatched(own, layer, item.directory, _within(item)) if layer else ()
        for reference in item.references:
            if reference.field == "replacements":
                users.setdefault(reference.target, []).append(item)
    for path, items in users.items():
        yield from _of_file(repository, path, items, known)


def _within(item: Kustomization) -> _Placing:
    return lambda *pointer: item.place("replacements", *pointer)


def _of_file(repository: Repository, path: str, users: list[Kustomization], known: layers.Known) -> Iterator[Finding]:
    """The targets of a file of replacements that fit in none of the layers of those that name it."""
    several = [layers.before_patches(repository, item.directory, known) for item in users if not item.is_component]
    if len(several) < len(users) or not all(several) or path not in repository.files:
        return
    everything = [candidate for layer in several for candidate in layer or ()]
    for number, document in enumerate(repository.files[path].documents or ()):
        alone = isinstance(document, Mapping)  # a file may hold one replacement, or a list of them
        place = _inside(path, number, alone=alone)
        yield from _unmatched([document] if alone else document, everything, path, place)


def _inside(path: str, document: int, *, alone: bool) -> _Placing:
    return lambda *pointer: Place(path, document, pointer[1:] if alone else pointer)


def _unmatched(entries: object, layer: list[layers.Candidate], where: str, place: _Placing) -> Iterator[Finding]:
    for index, entry in enumerate(sequence(entries)):
        for number, target in enumerate(sequence(dig(entry, "targets"))):
            told = targets.told(mapping(dig(target, "select")))
            if not any(layers.fits(told, candidate) for candidate in layer):
                fact = f"replacement target {targets.shown(told)} selects no object, so nothing is replaced"
                message = f"{fact}; {targets.remedy(told, layer, 'replacement')}"
                at = place(index, "targets", number, "select")
                yield Finding(at, ID, message, subject=f"{where}/{targets.shown(told)}")
