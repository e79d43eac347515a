"""A Rollout does not give its analysis an argument that the template asks for.

An argument without a value in the template has to be given where the analysis is asked for, by its very name; one of
another name is passed over. Otherwise the Rollout is refused as invalid, "args.service was not resolved" (Argo Rollouts
1.8). It is looked at where all templates of an analysis are rendered beside the Rollout, and none names further ones.

Fails:

    # all.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AnalysisTemplate
    metadata:
      name: success
      namespace: shop
    spec:
      args:
        - name: service
      metrics:
        - name: success
          provider:
            job:
              spec:
                template:
                  spec:
                    restartPolicy: Never
                    containers:
                      - name: probe
                        image: registry.example.com/probe:1.0.0
                        args: ["{{args.service}}"]
    ---
    apiVersion: argoproj.io/v1alpha1
    kind: Rollout
    metadata:
      name: shop
      namespace: shop
    spec:
      selector:
        matchLabels:
          app: shop
      template:
        metadata:
          labels:
            app: shop
        spec:
          containers:
            - name: shop
              image: registry.example.com/shop:1.0.0
      strategy:
        canary:
          steps:
            - analysis:
                templates:
                  - templateName: success
                args:
                  - name: service-name
                    value: shop-canary

Passes:

    # all.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AnalysisTemplate
    metadata:
      name: success
      namespace: shop
    spec:
      args:
        - name: service
      metrics:
        - name: success
          provider:
            job:
              spec:
                template:
                  spec:
                    restartPolicy: Never
                    containers:
                      - name: probe
                        image: registry.example.com/probe:1.0.0
                        args: ["{{args.service}}"]
    ---
    apiVersion: argoproj.io/v1alpha1
    kind: Rollout
    metadata:
      name: shop
      namespace: shop
    spec:
      selector:
        matchLabels:
          app: shop
      template:
        metadata:
          labels:
            app: shop
        spec:
          containers:
            - name: shop
              image: registry.example.com/shop:1.0.0
      strategy:
        canary:
          steps:
            - analysis:
                templates:
                  - templateName: success
                args:
                  - name: service
                    value: shop-canary
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.model import (
    Finding,
    Manifest,
    Overlay,
    Place,
    Pointer,
    Repository,
    Severity,
    dig,
    is_variable,
    mapping,
    sequence,
)
from scaffold.model.values import text

ID = "unsupplied-argument"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_TEMPLATE, _OF_CLUSTER = "argoproj.io/AnalysisTemplate", "argoproj.io/ClusterAnalysisTemplate"


class _Analysis(NamedTuple):
    """What a Rollout asks for: the templates, and where it says so."""

    templates: list[Mapping[str, Any]]
    pointer: Pointer


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every argument that no template of an analysis has a value for, and the Rollout does not give."""
    for overlay in repository.overlays.values():
        for rollout in overlay.of("argoproj.io/Rollout") if not overlay.partial else ():
            for analysis in _analyses(rollout):
                yield from _missing(overlay, rollout, analysis)


def _analyses(rollout: Manifest) -> Iterator[_Analysis]:
    """Every analysis of a Rollout; an experiment names one template for each."""
    for strategy, field in (
        ("canary", "analysis"),
        ("blueGreen", "prePromotionAnalysis"),
        ("blueGreen", "postPromotionAnalysis"),
    ):
        yield from _of(rollout, ("spec", "strategy", strategy, field))
    for index, step in enumerate(sequence(rollout.get("spec", "strategy", "canary", "steps"))):
        where: Pointer = ("spec", "strategy", "canary", "steps", index)
        yield from _of(rollout, (*where, "analysis"))
        for number, each in enumerate(sequence(dig(step, "experiment", "analyses"))):
            yield _Analysis([mapping(each)], (*where, "experiment", "analyses", number))


def _of(rollout: Manifest, where: Pointer) -> Iterator[_Analysis]:
    if templates := sequence(rollout.get(*where, "templates")):
        yield _Analysis([mapping(template) for template in templates], where)


def _missing(overlay: Overlay, rollout: Manifest, analysis: _Analysis) -> Iterator[Finding]:
    templates = [_template(overlay, rollout, reference) for reference in analysis.templates]
    found = [template for template in templates if template and not template.get("spec", "templates")]
    given = {text(dig(item, "name")) for item in sequence(rollout.get(*analysis.pointer, "args"))}
    if len(found) < len(templates) or any(map(is_variable, given)):
        return
    known = {name: template for template in found for name, _ in _arguments(template)}
    valued = {name for template in found for name, is_set in _arguments(template) if is_set}
    for name in [name for name in known if name not in given | valued and not is_variable(name)]:
        yield _finding(rollout, analysis, name, known)


def _template(overlay: Overlay, rollout: Manifest, reference: Mapping[str, Any]) -> Manifest | None:
    kind = _OF_CLUSTER if reference.get("clusterScope") is True else _TEMPLATE
    named = (each for each in overlay.of(kind) if each.name == reference.get("templateName"))
    return next((each for each in named if kind == _OF_CLUSTER or each.namespace == rollout.namespace), None)


def _arguments(template: Manifest) -> Iterator[tuple[str, bool]]:
    """The arguments of a template, each with whether it has a value there."""
    for item in sequence(template.get("spec", "args")):
        if name := text(dig(item, "name")):
            yield name, dig(item, "value") is not None or dig(item, "valueFrom") is not None


def _finding(rollout: Manifest, analysis: _Analysis, name: str, known: Mapping[str, Manifest]) -> Finding:
    template = known[name]
    asked = f"which {template.kind} {template.name!r} asks for"
    items = enumerate(sequence(rollout.get(*analysis.pointer, "args")))
    idle = [(index, text(dig(item, "name"))) for index, item in items if text(dig(item, "name")) not in known]
    fact = f"Rollout {rollout.name!r} gives its analysis no argument {name!r}, {asked}"
    if len(idle) == 1:
        message = f"{fact}, but {idle[0][1]!r}, which it does not know; name that {name!r}"
        return Finding(rollout.place(*analysis.pointer, "args", idle[0][0], "name"), ID, message, SEVERITY)
    return Finding(_place(rollout, analysis), ID, f"{fact}; give it", SEVERITY, subject=f"{analysis.pointer}/{name}")


def _place(rollout: Manifest, analysis: _Analysis) -> Place:
    """The arguments, or the first template where there are none."""
    if rollout.get(*analysis.pointer, "args"):
        return rollout.place(*analysis.pointer, "args", at_key=True)
    named = () if rollout.get(*analysis.pointer, "templateName") else ("templates", 0)
    return rollout.place(*analysis.pointer, *named, "templateName")
