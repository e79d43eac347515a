"""PromQL, as the grammar of Prometheus 3 reads it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

import promql_parser

# What newer versions read, or read where a flag asks for it, and the parser does not.
_BEYOND = re.compile(r"\b(?:smoothed|anchored|holt_winters)\b|\d_\d")
_OF_LEVEL = ("histogram_quantile", "quantile_over_time")
_MERGING = ("avg", "max", "min", "sum")
_OPERATORS = {"MatchOp.Equal": "=", "MatchOp.NotEqual": "!=", "MatchOp.Re": "=~", "MatchOp.NotRe": "!~"}
_BOUNDS = frozenset(("le", "vmrange"))  # the latter is VictoriaMetrics' own


@lru_cache(maxsize=4096)
def problem(expression: str) -> str:
    """Why an expression is none; empty where it is one, or may be one."""
    if _BEYOND.search(expression):
        return ""
    try:
        promql_parser.parse(expression)
    except ValueError as error:
        return " ".join(str(error).split())
    return ""


class Quantile(NamedTuple):
    """A quantile that an expression asks for: by which function, which one, and whether its buckets are lost."""

    function: str
    level: float | None
    aggregation: str


@lru_cache(maxsize=4096)
def quantiles(expression: str) -> tuple[Quantile, ...]:
    """The quantiles of an expression; none where it cannot be parsed."""
    found: list[Quantile] = []
    if not problem(expression) and not _BEYOND.search(expression):
        promql_parser.walk(promql_parser.parse(expression), lambda node: _note(node, found))
    return tuple(found)


class Selector(NamedTuple):
    """What a selector of series asks for: the metric, and its matchers as label, operator and value."""

    metric: str
    matchers: tuple[tuple[str, str, str], ...]


class Selected(NamedTuple):
    """What an expression asks for; `choosy` tells that it may ask for what is not there, as by `or` and `absent`."""

    selectors: tuple[Selector, ...]
    choosy: bool


@lru_cache(maxsize=4096)
def selected(expression: str) -> Selected:
    """The selectors of an expression; none where it cannot be parsed."""
    found: list[Selector] = []
    choices: list[bool] = []

    def note(node: promql_parser.Expr) -> bool:
        if isinstance(node, promql_parser.VectorSelector):
            found.append(_selector(node))
        choices.append(_is_choice(node))
        return True

    if not problem(expression) and not _BEYOND.search(expression):
        promql_parser.walk(promql_parser.parse(expression), note)
    return Selected(tuple(dict.fromkeys(found)), any(choices))


def _selector(node: promql_parser.VectorSelector) -> Selector:
    alternatives = [] if node.matchers.or_matchers else node.matchers.matchers
    return Selector(node.name or "", tuple((m.name, _OPERATORS[str(m.op)], m.value) for m in alternatives))


def _is_choice(node: promql_parser.Expr) -> bool:
    if isinstance(node, promql_parser.BinaryExpr):
        return str(node.op) in ("or", "unless")
    return isinstance(node, promql_parser.Call) and node.func.name.startswith("absent")


def seconds(text: str) -> float | None:
    """A duration as Prometheus writes it, as `1m30s`; None where it is none."""
    try:
        return promql_parser.parse_duration(text).total_seconds()
    except ValueError:
        return None


def _note(node: promql_parser.Expr, found: list[Quantile]) -> bool:
    if isinstance(node, promql_parser.Call) and node.func.name in _OF_LEVEL:
        level = _number(node.args[0])
        loser = _losing(_bare(node.args[1])) if node.func.name == "histogram_quantile" else ""
        found.append(Quantile(node.func.name, level, loser))
    elif isinstance(node, promql_parser.AggregateExpr) and str(node.op) == "quantile":
        found.append(Quantile("quantile", _number(node.param), ""))
    return True


def _losing(node: Any) -> str:
    """The aggregation that leaves none of the bounds of classic buckets; empty where there may be some."""
    if not isinstance(node, promql_parser.AggregateExpr) or str(node.op) not in _MERGING or not _is_of_buckets(node):
        return ""
    if node.modifier is None:
        return str(node.op)
    by = node.modifier.type == promql_parser.AggModifierType.By
    kept = not _BOUNDS.isdisjoint(node.modifier.labels) if by else "le" not in node.modifier.labels
    return "" if kept else str(node.op)


def _is_of_buckets(node: promql_parser.AggregateExpr) -> bool:
    """Tell whether all that is aggregated are buckets with a bound of their own, as native ones have none."""
    names: list[str] = []

    def note(inner: promql_parser.Expr) -> bool:
        if isinstance(inner, promql_parser.VectorSelector):
            names.append(inner.name or "")
        return True

    promql_parser.walk(node, note)
    return bool(names) and all(name.endswith("_bucket") for name in names)


def _bare(node: Any) -> Any:
    while isinstance(node, promql_parser.ParenExpr):
        node = node.expr
    return node


def _number(node: Any) -> float | None:
    node = _bare(node)
    if isinstance(node, promql_parser.UnaryExpr):
        value = _number(node.expr)
        return None if value is None else -value
    return float(node.val) if isinstance(node, promql_parser.NumberLiteral) else None
