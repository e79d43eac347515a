"""Label selectors against the pods of an overlay, as the API server and controllers apply them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import How, Manifest, Overlay, Pod, Pointer, is_variable, mapping, sequence
from scaffold.nearest import is_kin, near

_SLIP = 0.8
_DIGITS = "0123456789"
# What the operator of Prometheus calls the pods of its objects, as it did until v0.51 by a label `app` too.
_OPERATED = {"Alertmanager": "alertmanager", "Prometheus": "prometheus", "ThanosRuler": "thanos-ruler"}
_OF_MESH = ("envoy", "istio", "linkerd")
_OF_KUBERNETES = ("kubernetes.io", "k8s.io", "helm.sh")


def fits(selector: Mapping[str, Any], labels: Mapping[str, Any]) -> bool:
    """Tell whether labels fit a LabelSelector (`matchLabels` and `matchExpressions`)."""
    wanted = mapping(selector.get("matchLabels"))
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    return all(_holds(mapping(item), labels) for item in sequence(selector.get("matchExpressions")))


def _holds(expression: Mapping[str, Any], labels: Mapping[str, Any]) -> bool:
    key, operator = expression.get("key"), expression.get("operator")
    there, values = key in labels, sequence(expression.get("values"))
    if operator == "In":
        return there and labels.get(str(key)) in values
    if operator == "NotIn":
        return not there or labels.get(str(key)) not in values
    return there is (operator == "Exists")


def selected(overlay: Overlay, manifest: Manifest, selector: Mapping[str, Any]) -> list[Pod]:
    """The pods of an overlay, in the namespace of a manifest, that a LabelSelector selects."""
    return [pod for pod in beside(overlay, manifest) if fits(selector, pod.labels)]


def is_of_mesh(port: str) -> bool:
    """Tell the name of a port whose container a mesh puts into pods when they are made."""
    return any(word in port for word in _OF_MESH)


def beside(overlay: Overlay, manifest: Manifest) -> Iterator[Pod]:
    """The pods of an overlay that are in the namespace of a manifest."""
    return (pod for pod in overlay.pods if pod.manifest.namespace == manifest.namespace)


def _meant(overlay: Overlay, manifest: Manifest, selector: Mapping[str, Any]) -> Pod | None:
    """The pod that a selector which fits none was most likely written for.

    One of the workload with the same name, or one of which a single label differs: by a slip, or by a word that the
    name of what selects has not, unless the only pods there are have the rest. Where there is none, the pods may be
    made by a chart or an operator, and nothing can be said.
    """
    wanted = {key: value for key, (value, _) in _wanted(selector).items()}
    if not wanted or _chooses(selector) or any(map(is_variable, wanted.values())):
        return None
    pods = list(beside(overlay, manifest))
    made = {_OPERATED[item.kind] for item in overlay.manifests if item.kind in _OPERATED}
    if any(_is_of_operator(key, pods) for key in wanted) or not made.isdisjoint(map(str, wanted.values())):
        return None
    named = (pod for pod in pods if pod.manifest.name == manifest.name)
    telling = manifest.name if len(pods) > 1 or len(wanted) == 1 else ""
    akin = (pod for pod in pods if _is_akin(wanted, pod.labels, telling))
    return next(named, None) or next((pod for pod in pods if _almost(wanted, pod.labels)), None) or next(akin, None)


def _own(pod: Pod) -> Mapping[str, Any]:
    """The labels of the workload itself."""
    return mapping(pod.manifest.metadata.get("labels"))


def _is_of_operator(key: str, pods: list[Pod]) -> bool:
    """Tell a label that an operator gives to its pods, as CloudNativePG does `cnpg.io/cluster`, by its domain."""
    prefix = key.rpartition("/")[0]
    known = {label.rpartition("/")[0] for pod in pods for label in (*pod.labels, *_own(pod))}
    return (
        bool(prefix) and not prefix.endswith(_OF_KUBERNETES) and prefix not in known and not near(prefix, known, _SLIP)
    )


def _wanted(selector: Mapping[str, Any]) -> dict[str, tuple[Any, Pointer]]:
    """The labels that a selector asks for, each with its value and where that stands."""
    labels = mapping(selector.get("matchLabels"))
    found: dict[str, tuple[Any, Pointer]] = {str(key): (labels[key], ("matchLabels", key)) for key in labels}
    for number, item in enumerate(map(mapping, sequence(selector.get("matchExpressions")))):
        if item.get("operator") == "In" and len(sequence(item.get("values"))) == 1:
            pointer: Pointer = ("matchExpressions", number, "values", 0)
            found[str(item.get("key"))] = (sequence(item.get("values"))[0], pointer)
    return found


def _chooses(selector: Mapping[str, Any]) -> bool:
    """Tell whether an expression asks for something else than one value."""
    every = map(mapping, sequence(selector.get("matchExpressions")))
    return any(item.get("operator") != "In" or len(sequence(item.get("values"))) != 1 for item in every)


def _almost(wanted: Mapping[str, Any], labels: Mapping[str, Any]) -> bool:
    """Tell whether one label alone differs, by a slip, or has its value under another key."""
    differing = [key for key, value in wanted.items() if labels.get(key) != value]
    if len(differing) != 1:
        return False
    others = [value for key, value in labels.items() if key not in wanted]
    if differing[0] not in labels and wanted[differing[0]] in others:
        return True
    asked, has = (str(many.get(differing[0], "")) for many in (wanted, labels))
    return bool(near(asked, [has], _SLIP)) and asked.strip(_DIGITS) != has.strip(_DIGITS)


def _is_akin(wanted: Mapping[str, Any], labels: Mapping[str, Any], selecting: str) -> bool:
    """Tell whether one label alone differs, by a word that the name of what selects does not tell of."""
    differing = [(str(value), str(labels.get(key, ""))) for key, value in wanted.items() if labels.get(key) != value]
    return len(differing) == 1 and is_kin(*differing[0]) and differing[0][0] not in selecting


def _is_for_another_kind(overlay: Overlay, selector: Mapping[str, Any]) -> bool:
    """Tell whether a kind that has pods too, as a DeploymentConfig of OpenShift, has a template that fits."""
    templates = (mapping(item.get("spec", "template", "metadata", "labels")) for item in overlay.manifests)
    return any(labels and fits(selector, labels) for labels in templates)


def unmatched(overlay: Overlay, manifest: Manifest, selector: Mapping[str, Any]) -> tuple[Pointer, str] | None:
    """Where in it a selector misses the pods that it was written for, and a message about it.

    None where it fits some pod, or where it is not clear for which it was written.
    """
    pod = None if selected(overlay, manifest, selector) else _meant(overlay, manifest, selector)
    if pod is None or _is_for_another_kind(overlay, selector):
        return None
    wanted = _wanted(selector)
    key = next(key for key, (value, _) in wanted.items() if pod.labels.get(key) != value)
    other = next((label for label, value in pod.labels.items() if value == wanted[key][0]), "")
    on_itself = _own(pod).get(key) == wanted[key][0] and key not in pod.labels
    lacking = "it on itself alone" if on_itself else f"it as {other!r}" if other else "no such label"
    has = f"{pod.labels[key]!r}" if key in pod.labels else lacking
    asked = f"{manifest.kind} {manifest.name!r} selects label {key!r} with {wanted[key][0]!r}"
    fact = f"{asked}, but no pod has it: {pod.manifest.kind} {pod.manifest.name!r} has {has}"
    how = ", as includeTemplates does" if overlay.how in (How.FLUX, How.KUSTOMIZE) else ""
    remedy = f"give it to its pods too{how}" if on_itself else "select a label that its pods have"
    return wanted[key][1], f"{fact}; {remedy}"
