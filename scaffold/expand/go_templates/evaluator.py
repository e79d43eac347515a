"""Runs a template as text/template's exec does (Go 1.26)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scaffold.expand.go_templates import calls, functions
from scaffold.expand.go_templates.access import items, lookup, printed
from scaffold.expand.go_templates.functions.signatures import LARGEST
from scaffold.expand.go_templates.nodes import (
    Action,
    Branch,
    Dot,
    Field,
    Function,
    Jump,
    Literal,
    Node,
    Pipeline,
    Statement,
    Text,
    Variable,
)  # fmt: skip
from scaffold.expand.go_templates.scope import Scope
from scaffold.expand.go_values import NOTHING, TemplateError, truth
from scaffold.expand.unverifiable import UnverifiableError

_MOST_STEPS = 100_000


class _Break(Exception):  # noqa: N818
    pass


class _Continue(Exception):  # noqa: N818
    pass


def run(statements: tuple[Statement, ...], parameters: Mapping[str, Any], missing: str) -> str:
    """Execute a parsed template and give its output."""
    state = _State(parameters, missing)
    state.walk(statements, parameters)
    return "".join(state.output)


class _State:
    def __init__(self, parameters: Mapping[str, Any], missing: str) -> None:
        self._missing = missing
        self._scope = Scope(parameters)
        self._steps = 0
        self._size = 0
        self.output: list[str] = []

    def _step(self) -> None:
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise UnverifiableError("a template that takes more than a hundred thousand steps")

    def _write(self, text: str) -> None:
        self._size += len(text)
        if self._size > LARGEST:
            raise UnverifiableError("a template that writes more than a million characters")
        self.output.append(text)

    def walk(self, statements: tuple[Statement, ...], dot: Any) -> None:
        for statement in statements:
            self._step()
            if isinstance(statement, Text):
                self._write(statement.text)
            elif isinstance(statement, Action):
                value = self._pipeline(statement.pipeline, dot)
                if not statement.pipeline.variables:
                    self._write(printed(value))
            elif isinstance(statement, Jump):
                raise _Break if statement.keyword == "break" else _Continue
            else:
                self._branch(statement, dot)

    def _branch(self, branch: Branch, dot: Any) -> None:
        mark = self._scope.mark()
        if branch.keyword == "range":
            self._range(branch, dot)
        else:
            value = self._pipeline(branch.pipeline, dot)
            if truth(value):
                self.walk(branch.body, value if branch.keyword == "with" else dot)
            else:
                self.walk(branch.otherwise, dot)
        self._scope.release(mark)

    def _range(self, branch: Branch, dot: Any) -> None:
        value = self._pipeline(branch.pipeline, dot)
        if isinstance(value, int) and not isinstance(value, bool) and len(branch.pipeline.variables) > 1:
            raise TemplateError(f"can't use {value} to iterate over more than one variable")
        mark = self._scope.mark()
        empty = True
        try:
            for index, item in items(value):
                self._step()
                empty = False
                self._bind(branch.pipeline, index, item)
                self._once(branch, item)
                self._scope.release(mark)
        except _Break:
            return
        if empty:
            self.walk(branch.otherwise, dot)

    def _bind(self, pipeline: Pipeline, index: Any, item: Any) -> None:
        names = pipeline.variables
        values = (index, item) if len(names) > 1 else (item,)
        if not pipeline.assigns:
            self._scope.redeclare(names, values)
            return
        for name, value in zip(names, values, strict=False):
            self._scope.assign(name, value)

    def _once(self, branch: Branch, item: Any) -> None:
        try:
            self.walk(branch.body, item)
        except _Continue:
            return

    def _pipeline(self, pipeline: Pipeline, dot: Any) -> Any:
        value: Any = calls.ABSENT
        for command in pipeline.commands:
            value = self._command(command, dot, value)
            if value is None:
                value = NOTHING
        for name in pipeline.variables:
            if pipeline.assigns:
                self._scope.assign(name, value)
            else:
                self._scope.declare(name, value)
        return value

    def _command(self, command: tuple[Node, ...], dot: Any, final: Any) -> Any:
        first = command[0]
        if isinstance(first, Function):
            return self._call(first.name, command[1:], dot, final)
        if len(command) > 1 or final is not calls.ABSENT:
            if isinstance(first, Field):
                self._operand(Field(first.base, first.names[:-1]) if len(first.names) > 1 else first, dot)
                raise TemplateError(f"{first.names[-1]} is not a method but has arguments")
            raise TemplateError(f"can't give argument to non-function {first}")
        if isinstance(first, Literal) and first.kind == "nil":
            raise TemplateError("nil is not a command")
        return self._operand(first, dot)

    def _operand(self, node: Node, dot: Any) -> Any:
        if isinstance(node, Field):
            return self._field(node, dot)
        if isinstance(node, Literal):
            return node.value
        if isinstance(node, Dot):
            return dot
        if isinstance(node, Variable):
            return self._scope.value(node.name)
        if isinstance(node, Pipeline):
            return self._pipeline(node, dot)
        return self._call(node.name, (), dot, calls.ABSENT)

    def _field(self, node: Field, dot: Any) -> Any:
        value = dot if node.base is None else self._operand(node.base, dot)
        for name in node.names:
            value = lookup(value, name, self._missing)
        return value

    def _call(self, name: str, operands: tuple[Node, ...], dot: Any, final: Any) -> Any:
        if name in {"and", "or"}:
            return self._lazy(name, operands, dot, final)
        function = functions.get(name)
        calls.check_count(name, function, len(operands) + (final is not calls.ABSENT))
        values = []
        for index, node in enumerate(operands):
            letter = function.letter(index)
            if isinstance(node, Literal):
                values.append(calls.literal(letter, node))
            else:
                values.append(calls.typed(letter, self._operand(node, dot)))
        if final is not calls.ABSENT:
            values.append(calls.typed(function.letter(len(values)), final))
        return calls.call(name, function, values)

    def _lazy(self, name: str, operands: tuple[Node, ...], dot: Any, final: Any) -> Any:
        """Evaluate `and` and `or` only as far as the answer needs."""
        count = len(operands) + (final is not calls.ABSENT)
        if not operands:
            if not count:
                raise TemplateError(f"wrong number of args for {name}: want at least 1 got 0")
            return final
        value = NOTHING
        for index, operand in enumerate(operands):
            value = self._operand(operand, dot)
            if index + 1 < count and truth(value) == (name == "or"):
                return value
        return value if final is calls.ABSENT else final
