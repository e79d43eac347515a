"""What kustomize-controller 1.9 puts in the place of variables; one that is not set stops the build, or is empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scaffold.expand.flux import shell_functions, shell_syntax
from scaffold.expand.flux.shell_syntax import Expression, Node
from scaffold.model import Variables, dig

SWITCH = "kustomize.toolkit.fluxcd.io/substitute"
_VARIABLE = re.compile(r"[_A-Za-z][_A-Za-z0-9]*\Z")
_DEFAULTS = frozenset((":-", ":=", ":?", ":+", "="))


class SubstitutionError(ValueError):
    """A text is refused; `name` is the variable that is not set, empty where the text cannot be read."""

    def __init__(self, reason: str, name: str = "", text: str = "") -> None:
        super().__init__(reason)
        self.name = name
        self.text = text


def is_name(name: str) -> bool:
    """Tell whether a variable may be called so; one that may not stops every build, used or not."""
    return _VARIABLE.match(name) is not None


def holds(text: str, expression: str) -> bool:
    """Tell whether a text holds an expression that is substituted, and not only as the text that `$$` makes of it."""
    return expression.replace("$$", "") in text.replace("$$", "")


def is_switched_off(data: Any) -> bool:
    """Tell whether an object says by label or annotation that it is to be left as it is."""
    metadata = dig(data, "metadata")
    return "disabled" in (dig(metadata, "labels", SWITCH), dig(metadata, "annotations", SWITCH))


def substitute(text: str, variables: Variables) -> str:
    """The text with the values of its variables; raises SubstitutionError where the engine refuses it.

    An expression whose value nobody knows without the cluster is left as it is written.
    """
    try:
        nodes = shell_syntax.parse(text)
    except shell_syntax.ShellSyntaxError as error:
        raise SubstitutionError(str(error), text=_shown(text, error.at)) from error
    return "".join(_evaluated(node, variables) for node in nodes)


def _shown(text: str, at: int) -> str:
    """The expression as far as the reader gets: to the brace that closes it, or the end of the line."""
    line = text[at:].partition("\n")[0]
    return line[: line.find("}") + 1] if "}" in line else line


def _evaluated(node: Node, variables: Variables) -> str:
    if isinstance(node, str):
        return node
    arguments = [_evaluated(argument, variables) for argument in node.arguments]
    if not variables.is_known(node.name):
        return node.text
    value = variables.values.get(node.name)
    if value is None and node.operator not in _DEFAULTS and variables.strict:
        raise SubstitutionError(f'variable not set (strict mode): "{node.name}"', node.name, node.text)
    return shell_functions.apply(node.operator, value or "", arguments)


def unset(text: str, variables: Variables) -> Expression | None:
    """The first expression of a text that is empty because its variable is not set, where that stops nothing."""
    found = (item for item in expressions(text) if item.operator not in _DEFAULTS and variables.is_known(item.name))
    return next((item for item in found if item.name not in variables.values), None)


def leaves_open(text: str, variables: Variables) -> bool:
    """Tell whether a text holds a variable whose value nobody knows without the cluster."""
    return not all(variables.is_known(expression.name) for expression in expressions(text))


def expressions(text: str) -> Iterator[Expression]:
    """Every expression of a text, those inside others too; none where it cannot be read."""
    try:
        nodes = shell_syntax.parse(text)
    except shell_syntax.ShellSyntaxError:
        return
    for node in nodes:
        yield from _inside(node)


def _inside(node: Node) -> Iterator[Expression]:
    if isinstance(node, Expression):
        yield node
        for argument in node.arguments:
            yield from _inside(argument)
