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

from collections.abc import Iterator

from scaffold.assemble import layers
from scaffold.model import Finding, Kustomization, Repository, Severity, dig, mapping, sequence
from scaffold.rules import targets

ID = "unmatched-replacement"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every target that no object of its layer fits; a layer that cannot be known is left alone."""
    known: layers.Known = {}
    for item in repository.kustomizations.values():
        if item.manifest.get("replacements") and not item.is_component:
            layer = layers.before_patches(repository, item.directory, known)
            yield from _of_layer(item, layer) if layer else ()


def _of_layer(item: Kustomization, layer: list[layers.Candidate]) -> Iterator[Finding]:
    for index, entry in enumerate(sequence(item.manifest.get("replacements"))):
        for number, target in enumerate(sequence(dig(entry, "targets"))):
            told = targets.told(mapping(dig(target, "select")))
            if not any(layers.fits(told, candidate) for candidate in layer):
                fact = f"replacement target {targets.shown(told)} selects no object, so nothing is replaced"
                message = f"{fact}; {targets.remedy(told, layer, 'replacement')}"
                place = item.place("replacements", index, "targets", number, "select")
                yield Finding(place, ID, message, subject=f"{item.directory}/{targets.shown(told)}")
