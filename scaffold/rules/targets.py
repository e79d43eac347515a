"""What the targets of patches select, in words, and what they may have meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scaffold.assemble import layers
from scaffold.model import Head
from scaffold.nearest import near, near_apart

_SELECTORS = frozenset(("labelSelector", "annotationSelector"))


def told(target: Mapping[str, Any]) -> dict[str, Any]:
    """What a target says of its objects but for their labels and annotations."""
    return {key: value for key, value in target.items() if key not in _SELECTORS}


def shown(target: Mapping[str, Any]) -> str:
    """A patch target in words."""
    return ", ".join(f"{key} {value!r}" for key, value in target.items())


def remedy(target: Mapping[str, Any], layer: list[layers.Candidate], whose: str = "patch") -> str:
    """Say which part of the target of a patch, or of something else, is wrong, and what was meant."""
    if found := meant(target, layer):
        return f"did you mean {found[0]} {_expression(found[1], str(target[found[0]]))!r}?"
    return f"mend the target, or remove the {whose}"


def meant(target: Mapping[str, Any], layer: list[layers.Candidate]) -> tuple[str, str] | None:
    """The part of a target that is wrong, by the object that fits all the rest, and what that has there."""
    for key in ("group", "version", "kind", "name", "namespace"):
        rest = {k: v for k, v in target.items() if k != key}
        if key in target:
            fitting = [candidate for candidate in layer if layers.fits(rest, candidate)]
            values = {_value(candidate.head, key) for candidate in fitting}
            like = near_apart if key == "name" else near
            guess = like(str(target[key]), values) or (values.pop() if rest and len(values) == 1 else "")
            if fitting and (guess or (rest and key in ("group", "version"))):
                return key, guess
    return None


def _expression(name: str, told: str) -> str:
    """A name as an expression, which the fields of a target are; a patch that has variables itself names the object."""
    return name if "$" in told else name.replace("$", "[$]").replace("{", "[{]")


def _value(head: Head, key: str) -> str:
    group, _, version = head.api_version.rpartition("/")
    return {"group": group, "version": version, "kind": head.kind, "name": head.name, "namespace": head.namespace}[key]
