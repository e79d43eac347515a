"""Label selectors over parameters and clusters; on parameters, values may be anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scaffold.expand.generation import GenerationError
from scaffold.expand.names import is_label_value, is_qualified_name
from scaffold.model import mapping, sequence

_WANTS_VALUES = {"In": True, "NotIn": True, "Exists": False, "DoesNotExist": False}


@dataclass(frozen=True, slots=True)
class _Requirement:
    key: str
    operator: str
    values: tuple[str, ...]

    def holds(self, labels: Mapping[str, str]) -> bool:
        there = self.key in labels
        if self.operator == "In":
            return there and labels[self.key] in self.values
        if self.operator == "NotIn":
            return not there or labels[self.key] not in self.values
        return there is (self.operator == "Exists")


@dataclass(frozen=True, slots=True)
class Selector:
    """All requirements must hold."""

    requirements: tuple[_Requirement, ...]

    @property
    def everything(self) -> bool:
        return not self.requirements

    @classmethod
    def of(cls, selector: object, *, check_values: bool = False) -> Selector | None:
        """Read a selector, None where there is none; raise GenerationError where Argo CD refuses it."""
        if selector is None:
            return None
        labels = mapping(mapping(selector).get("matchLabels"))
        found = [_Requirement(str(key), "In", (str(value),)) for key, value in labels.items()]
        for expression in map(mapping, sequence(mapping(selector).get("matchExpressions"))):
            values = tuple(map(str, sequence(expression.get("values"))))
            found.append(_Requirement(str(expression.get("key") or ""), str(expression.get("operator")), values))
        for requirement in found:
            _check(requirement, check_values=check_values)
        return cls(tuple(found))

    def matches(self, labels: Mapping[str, str]) -> bool:
        return all(requirement.holds(labels) for requirement in self.requirements)


def _check(requirement: _Requirement, *, check_values: bool) -> None:
    wants = _WANTS_VALUES.get(requirement.operator)
    if wants is None:
        raise GenerationError(f"'{requirement.operator}' is not a valid selector operator")
    if not is_qualified_name(requirement.key):
        raise GenerationError(f"the selector key '{requirement.key}' is not a label key")
    if bool(requirement.values) is not wants:
        wanted = "needs values" if wants else "takes no values"
        raise GenerationError(f"the selector operator {requirement.operator} on '{requirement.key}' {wanted}")
    wrong = next((value for value in requirement.values if not is_label_value(value)), None)
    if check_values and wrong is not None:
        raise GenerationError(f"the selector value '{wrong}' of '{requirement.key}' is not a label value")
