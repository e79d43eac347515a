"""The variables of a template as it runs."""

from __future__ import annotations

from typing import Any

from scaffold.expand.go_values import TemplateError


class Scope:
    """A stack of names; the innermost one of a name counts."""

    def __init__(self, root: Any) -> None:
        self._variables: list[tuple[str, Any]] = [("$", root)]

    def mark(self) -> int:
        return len(self._variables)

    def release(self, mark: int) -> None:
        del self._variables[mark:]

    def declare(self, name: str, value: Any) -> None:
        self._variables.append((name, value))

    def redeclare(self, names: tuple[str, ...], values: tuple[Any, ...]) -> None:
        """Give the names on top of the stack new values, for another round of a loop."""
        self._variables[len(self._variables) - len(names) :] = zip(names, values, strict=False)

    def assign(self, name: str, value: Any) -> None:
        for index in range(len(self._variables) - 1, -1, -1):
            if self._variables[index][0] == name:
                self._variables[index] = (name, value)
                return
        raise TemplateError(f"undefined variable: {name}")

    def value(self, name: str) -> Any:
        for found, value in reversed(self._variables):
            if found == name:
                return value
        raise TemplateError(f"undefined variable: {name}")
