"""YAML texts in every style around one scalar whose place is known."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st


class Written(NamedTuple):
    """A YAML text in which one scalar `old`, from `start` to `end` with its anchor, stands at a pointer."""

    text: str
    pointer: tuple[str | int, ...]
    start: int
    end: int


_WORDS = st.sampled_from(("alpha", "image", "1.0", "😀", "über", "https://example.com/a?b=c", "on", "a b", "x-y_z"))
_COMMENTS = st.sampled_from(("", " # why", ' # {"$imagepolicy": "a:b:tag"}', "   # 😀 'quote", " #"))
_NOISE = st.sampled_from(("kN: W 😀", "kN: [W, 'x'] ", "kN: {q: 1,  r: W}", "# W", "", "kN: &nNx W", "kN: |\nP  W\n"))
_SCALARS = ("'old'", '"old"', "old")
_BLOCKS = ("|-\nP  old", ">-\nP  old")


@st.composite
def texts(draw: st.DrawFn) -> Written:
    """Nested blocks, flow collections, anchors, comments, empty lines and other documents around the scalar."""
    before = [f"---\nother: {draw(_WORDS)}\n" for _ in range(draw(st.integers(0, 2)))]
    before += ["---\n"] if before else []
    pointer: list[str | int] = []
    after: list[str] = []
    pad = ""
    for depth in range(draw(st.integers(1, 4))):
        for number in range(draw(st.integers(0, 2))):
            before.append(_filled(draw(_NOISE), pad, f"{depth}{number}") + draw(_COMMENTS) + "\n")
        before.append(f"{pad}key{depth}:{draw(st.sampled_from(('', f' &deep{depth}')))}{draw(_COMMENTS)}\n")
        after.insert(0, f"{pad}last{depth}: {draw(_WORDS)}{draw(_COMMENTS)}\n")
        pad, opened, way = _deeper(draw, pad)
        before.append(opened)
        pointer += [f"key{depth}", *way]
    inline = draw(st.booleans())
    before.append(f"{pad}flow: {{a: [1], target: " if inline else f"{pad}target: {draw(st.sampled_from(('', '  ')))}")
    pointer += ["flow", "target"] if inline else ["target"]
    chosen = draw(st.sampled_from(_SCALARS if inline else _SCALARS + _BLOCKS))
    scalar = draw(st.sampled_from(("", "&here "))) + _filled(chosen, pad, "")
    rest = ("}" if inline else "") + ("" if "\n" in scalar else draw(_COMMENTS)) + "\n" + "".join(after)
    return _ended(draw, Written("".join(before) + scalar + rest, tuple(pointer), *_span("".join(before), scalar)))


def _filled(text: str, pad: str, number: str) -> str:
    first = "" if text.startswith(("'", '"', "old", "|", ">")) else pad
    return first + text.replace("P", pad).replace("N", number).replace("W", "plain")


def _deeper(draw: st.DrawFn, pad: str) -> tuple[str, str, tuple[int, ...]]:
    """A mapping below a key, or in the second item of a list: its indent, what opens it, and the way into it."""
    step = " " * draw(st.integers(2, 4))
    if draw(st.booleans()):
        return pad + step, f"{pad}{step}q: 1\n", ()
    dash = pad + draw(st.sampled_from(("", step)))
    gap = draw(st.sampled_from((" ", "   ")))
    return f"{dash} {gap}", f"{dash}- first - item\n{dash}-{gap}q: 1\n", (1,)


def _span(before: str, scalar: str) -> tuple[int, int]:
    return len(before), len(before) + len(scalar)


def _ended(draw: st.DrawFn, written: Written) -> Written:
    """The text with or without a last line break, and with line breaks of one of two kinds."""
    text = written.text.removesuffix("\n") if draw(st.booleans()) else written.text
    if draw(st.booleans()):
        return written._replace(text=text)
    start, end = (len(text[:offset].replace("\n", "\r\n")) for offset in (written.start, written.end))
    return Written(text.replace("\n", "\r\n"), written.pointer, start, end)
