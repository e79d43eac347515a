"""What expressions of Terraform are where they stand: with the variables and locals of one use of a module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from scaffold import parse
from scaffold.model import Place
from scaffold.parse import YamlError
from scaffold.parse.hcl import UNREAD, Attribute, Call, Name, Template

HOLE = "\ue000"  # stands in a text for what is not known
_LONGEST, _DEEPEST = 100_000, 40  # signs of a text that is put together, names that stand for names


class Given(NamedTuple):
    """An expression with where it stands and where its names count; of a variable, what it is set to."""

    value: Any
    place: Place
    scope: Scope


@dataclass
class Budget:
    """How many expressions are looked at, so that no file of names that stand for many names takes long."""

    left: int = 200_000


@dataclass
class Scope:
    """One use of a module: what stands in its files, and what its variables are set to."""

    directory: str
    locals: Mapping[str, tuple[Attribute, str]] = field(default_factory=dict)
    variables: Mapping[str, Given] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)

    def given(self, name: Name) -> Given | None:
        """What a name stands for, if that is an expression; steps are followed where they are written as keys."""
        kind, key, *steps = map(str, (*name.parts, ""))
        attribute, path = self.locals.get(key, (None, "")) if kind == "local" else (None, "")
        found = self.variables.get(key) if kind == "var" else None
        if attribute:
            found = Given(attribute.value, _place(path, attribute), self)
        for step in steps[:-1]:
            inner = found.value.get(step) if found and isinstance(found.value, dict) else None
            found = Given(inner.value, _place(found.place.path, inner), found.scope) if found and inner else None
        return found

    def value(self, expression: Any, depth: int = 0) -> Any:
        """The value: a text with HOLE where a part is not known, UNREAD where nothing is."""
        self.budget.left -= 1
        if depth > _DEEPEST or self.budget.left < 0:
            return UNREAD
        if isinstance(expression, Name | Template | Call):
            return self._read(expression, depth)
        if isinstance(expression, list):
            return [self.value(each, depth + 1) for each in expression]
        if isinstance(expression, dict):
            return {key: self.value(each.value, depth + 1) for key, each in expression.items()}
        return expression

    def _read(self, expression: Name | Template | Call, depth: int) -> Any:
        if isinstance(expression, Name):
            return self._named(expression, depth)
        return self._text(expression, depth) if isinstance(expression, Template) else self._called(expression, depth)

    def _named(self, name: Name, depth: int) -> Any:
        if given := self.given(name):
            return given.scope.value(given.value, depth + 1)
        value = self._named(Name(name.parts[:-1]), depth + 1) if len(name.parts) > 2 and depth <= _DEEPEST else UNREAD
        return value.get(name.parts[-1], UNREAD) if isinstance(value, dict) else UNREAD

    def _text(self, template: Template, depth: int) -> Any:
        parts = [self.value(part, depth + 1) for part in template.parts]
        if len(parts) == 1 and not isinstance(template.parts[0], str):
            return parts[0]  # "${x}" is x
        found = "".join(map(_shown, parts))
        return found if len(found) <= _LONGEST else UNREAD

    def _called(self, call: Call, depth: int) -> Any:
        given = self.value(call.arguments[0], depth + 1) if len(call.arguments) == 1 else UNREAD
        if call.name in ("yamlencode", "jsonencode"):
            return given  # who reads the text gets this of it
        if call.name == "yamldecode" and isinstance(given, str):
            return next(iter(documents(given)), UNREAD)
        return given if call.name == "tostring" else UNREAD

    def origins(self, expression: Any, depth: int = 0) -> Iterator[tuple[str, Place]]:
        """The texts that an expression is made of by names, each with the place where it is written."""
        self.budget.left -= 1
        parts = expression.parts if isinstance(expression, Template) else (expression,)
        for part in (part for part in parts if isinstance(part, Name) and depth < _DEEPEST):
            given = self.given(part) if self.budget.left > 0 else None
            if given and isinstance(given.value, str):
                yield given.value, given.place
            elif given:
                yield from given.scope.origins(given.value, depth + 1)


def _place(path: str, attribute: Attribute) -> Place:
    return Place(path, line=attribute.line, column=attribute.column)


def documents(text: str) -> list[Any]:
    """The documents of a text of YAML; none where something that is not known makes it another."""
    try:
        return parse.parse(text).documents
    except YamlError:
        return []


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int) else HOLE
