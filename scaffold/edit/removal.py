"""Keys with their values, and items of lists, removed."""

from __future__ import annotations

from scaffold import parse
from scaffold.edit.places import RefusedError, Splice, column, tight


def removed(text: str, parent: parse.Node, first: parse.Node, last: parse.Node) -> Splice:
    """The splice for what begins with one node of a collection and ends with another; comments around it stay.

    Raises RefusedError for the only member of a block, which would leave no collection.
    """
    assert isinstance(parent, (parse.Mapping, parse.Sequence))
    starts = [item.start for item in _firsts(parent)]
    ends = [item.end for item in _lasts(parent)]
    index = starts.index(first.start)
    if parent.inline:
        if index < len(starts) - 1:
            return Splice(starts[index], starts[index + 1], "")
        return Splice(ends[index - 1] if index else starts[0], ends[index], "")
    if len(starts) == 1:
        raise RefusedError("nothing would be left beside it")
    start = first.start if isinstance(parent, parse.Mapping) else _dash(text, parent, index)
    head = text.rfind("\n", 0, start) + 1
    if not text[head:start].strip():
        return _whole_lines(text, head, tight(text, last.end))
    return Splice(start, starts[index + 1] if isinstance(parent, parse.Mapping) else _dash(text, parent, index + 1), "")


def _whole_lines(text: str, start: int, end: int) -> Splice:
    """Lines with what ends them; at the end of a text the line break before them goes instead."""
    after = text.find("\n", end)
    if after >= 0:
        return Splice(start, after + 1, "")
    return Splice(len(text[:start].rstrip("\r\n")), len(text), "")


def _firsts(parent: parse.Mapping | parse.Sequence) -> list[parse.Node]:
    return [key for key, _ in parent.pairs] if isinstance(parent, parse.Mapping) else list(parent.items)


def _lasts(parent: parse.Mapping | parse.Sequence) -> list[parse.Node]:
    return [value for _, value in parent.pairs] if isinstance(parent, parse.Mapping) else list(parent.items)


def _dash(text: str, node: parse.Sequence, index: int) -> int:
    """Where the dash of an item stands: in the column of the first, on the item's line or above it."""
    indent, place = column(text, node.start), node.items[index].start
    if index == 0:
        return node.start
    while place > node.start:
        head = text.rfind("\n", 0, place) + 1
        if text[head + indent : head + indent + 1] == "-":
            return head + indent
        place = head - 1
    raise RefusedError("its dash is not found")
