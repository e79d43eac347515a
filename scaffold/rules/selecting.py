"""Label selectors against the pods of an overlay, as the API server and controllers apply them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scaffold.model import Manifest, Overlay, Pod, is_variable, mapping, sequence


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


def beside(overlay: Overlay, manifest: Manifest) -> Iterator[Pod]:
    """The pods of an overlay that are in the namespace of a manifest."""
    return (pod for pod in overlay.pods if pod.manifest.namespace == manifest.namespace)


def meant(selector: Mapping[str, Any], pods: Iterable[Pod]) -> Pod | None:
    """The pod that a selector which fits none was most likely written for.

    One that has every label that the selector asks for, some with another value, or one of them with its value. Where
    there is none, the pods may be made by a controller, and nothing can be said.
    """
    wanted = mapping(selector.get("matchLabels"))
    if not wanted or selector.get("matchExpressions") or any(map(is_variable, wanted.values())):
        return None
    found = list(pods)
    all_keys = (pod for pod in found if wanted.keys() <= pod.labels.keys())
    shared = (pod for pod in found if any(pod.labels.get(key) == value for key, value in wanted.items()))
    return next(all_keys, None) or next(shared, None)


def difference(selector: Mapping[str, Any], pod: Pod) -> tuple[str, str]:
    """The first label that a pod does not have as the selector asks, and what it has in words."""
    wanted = mapping(selector.get("matchLabels"))
    key = next(key for key, value in wanted.items() if pod.labels.get(key) != value)
    return key, f"{pod.labels[key]!r}" if key in pod.labels else "no such label"
