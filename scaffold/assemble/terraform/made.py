"""An object that a resource of Terraform makes, with where its fields are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from scaffold import parse
from scaffold.assemble.terraform.scopes import Scope, documents
from scaffold.model import Place
from scaffold.model.values import Pointer
from scaffold.parse.hcl import UNREAD, Attribute, Call, Name, Template

_DEEPEST = 40  # names that stand for names


class Made(NamedTuple):
    """What it is made of: its values, and the expression that they come from, which stands in a file."""

    data: Any
    scope: Scope
    path: str
    given: Attribute

    @classmethod
    def of(cls, scope: Scope, path: str, given: Attribute) -> Self:
        value = scope.value(given.value)
        data = next(iter(documents(value)), UNREAD) if isinstance(value, str) else value
        return cls(data, scope, path, given)

    def source(self, pointer: Pointer) -> tuple[Place, tuple[tuple[str, Place], ...]]:
        """Where a field stands, and the texts that names put into it."""
        made = self.followed()
        for number, part in enumerate(pointer):
            value = made.given.value
            if isinstance(value, str | Template):
                return made.in_text(pointer[number:]), tuple(made.scope.origins(value))
            inner = value.get(part) if isinstance(value, Mapping) else None
            if isinstance(value, list) and isinstance(part, int) and part < len(value):
                inner = Attribute(value[part], made.given.line, made.given.column)
            if not isinstance(inner, Attribute):
                return made.place, ()
            made = made._replace(given=inner)
            made = made if number == len(pointer) - 1 else made.followed()
        return made.place, tuple(made.scope.origins(made.given.value))

    @property
    def place(self) -> Place:
        return Place(self.path, line=self.given.line, column=self.given.column)

    def in_text(self, pointer: Pointer) -> Place:
        """Where a field stands in a text of YAML, whose lines begin behind the one that says where it ends."""
        whole = self.scope.value(self.given.value)
        if not isinstance(whole, str) or "\n" not in whole:
            return self.place
        line, column = parse.locate(whole, 0, pointer)
        return Place(self.path, line=self.given.line + line, column=column)

    def followed(self) -> Self:
        """The same by the expression that names and encodings stand for."""
        made = self
        for _ in range(_DEEPEST):
            value = made.given.value
            if isinstance(value, Call) and len(value.arguments) == 1:
                made = made._replace(given=Attribute(value.arguments[0], made.given.line, made.given.column))
            elif isinstance(value, Name) and (known := made.scope.given(value)):
                at = Attribute(known.value, known.place.line, known.place.column)
                made = made._replace(scope=known.scope, path=known.place.path, given=at)
            else:
                break
        return made
