"""Which objects wait for each other for ever."""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)


def cycles(graph: Mapping[Name, Sequence[Name]]) -> Iterator[list[Name]]:
    """Every circle of dependencies once, from the first of its members in the order of the graph."""
    done: set[Name] = set()
    for start in graph:
        yield from _from(start, graph, done)


def way(
    graph: Mapping[Name, Sequence[Name]], start: Name, end: Name, barred: Container[tuple[Name, Name]] = ()
) -> list[Name]:
    """The shortest way from one to another, both with it, without those steps that are barred; empty where none is."""
    came: dict[Name, Name | None] = {start: None}
    pending = deque([start])
    while pending and end not in came:
        name = pending.popleft()
        for following in graph.get(name, ()):
            if following in graph and following not in came and (name, following) not in barred:
                came[following] = name
                pending.append(following)
    passed: list[Name] = []
    at: Name | None = end if end in came else None
    while at is not None:
        passed.append(at)
        at = came[at]
    return passed[::-1]


def _from(start: Name, graph: Mapping[Name, Sequence[Name]], done: set[Name]) -> Iterator[list[Name]]:
    """Go down without recursion: chains may be long."""
    way: dict[Name, None] = {}
    pending: list[tuple[Name, bool]] = [(start, False)]
    while pending:
        name, leaving = pending.pop()
        if leaving:
            del way[name]
            done.add(name)
        elif name in way:
            passed = list(way)
            yield _rotated(passed[passed.index(name) :], graph)
        elif name not in done:
            way[name] = None
            pending.append((name, True))
            pending += [(following, False) for following in reversed(graph.get(name, ())) if following in graph]


def _rotated(circle: list[Name], graph: Mapping[Name, Sequence[Name]]) -> list[Name]:
    order = list(graph)
    first = min(range(len(circle)), key=lambda index: order.index(circle[index]))
    return circle[first:] + circle[:first]
