"""The graph as SVG, in columns from what makes to what is made."""

from __future__ import annotations

from html import escape

from scaffold.report.page.nouns import Graph, Node

_WIDTH, _HEIGHT = 190, 26  # of a box, in pixels
_ACROSS, _DOWN = 250, 36  # from one box to the next


def svg(graph: Graph) -> str:
    """The drawing; each box is labelled, and the whole has a title for those who cannot see it."""
    if not graph.nodes:
        return ""
    columns = sorted({node.column for node in graph.nodes})
    longest = max(sum(node.column == column for node in graph.nodes) for column in columns)
    places = {node.id: _place(node, columns, graph, longest) for node in graph.nodes}
    width, height = len(columns) * _ACROSS - (_ACROSS - _WIDTH) + 4, longest * _DOWN + 4
    parts = [
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="drawn">',
        '<title id="drawn">What makes what: entry points, teams, environments, clusters</title>',
        *(_edge(places[start], places[end]) for start, end in graph.edges if start in places and end in places),
        *(_box(node, places[node.id]) for node in graph.nodes),
        "</svg>",
    ]
    return "\n".join(parts)


def _place(node: Node, columns: list[int], graph: Graph, longest: int) -> tuple[float, float]:
    """The upper left corner; a short column is spread over the height of the longest one."""
    count = sum(other.column == node.column for other in graph.nodes)
    return 2 + columns.index(node.column) * _ACROSS, 2 + (node.row + 0.5) * longest * _DOWN / count - _HEIGHT / 2


def _edge(start: tuple[float, float], end: tuple[float, float]) -> str:
    x1, y1, x2, y2 = start[0] + _WIDTH, start[1] + _HEIGHT / 2, end[0], end[1] + _HEIGHT / 2
    middle = (x1 + x2) / 2
    return f'<path d="M{x1:.0f} {y1:.0f}C{middle:.0f} {y1:.0f} {middle:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"/>'


def _box(node: Node, place: tuple[float, float]) -> str:
    x, y = place
    shown = node.label if len(node.label) <= 26 else f"{node.label[:25]}…"
    box = f'<rect x="{x:.0f}" y="{y:.0f}" width="{_WIDTH}" height="{_HEIGHT}" rx="5"/>'
    text = f'<text x="{x + _WIDTH / 2:.0f}" y="{y + _HEIGHT / 2 + 4:.0f}">{escape(shown)}</text>'
    return f'<g class="{node.kind}">{box}{text}<title>{escape(node.label)}</title></g>'
