"""Text that knows where it stands."""

from __future__ import annotations

import bisect
from typing import NamedTuple

from scaffold.model.places import Location


class Mark(NamedTuple):
    """From this offset of a text on, until the next mark, characters stand side by side from this line and column."""

    offset: int
    line: int
    column: int


class Spot(str):  # noqa: SLOT000  # a str cannot have slots that hold something
    """A string from a file, with the place of each of its characters; lines and columns count from 1."""

    path: str
    marks: tuple[Mark, ...]

    @classmethod
    def of(cls, text: str, path: str, marks: tuple[Mark, ...] = (Mark(0, 1, 1),)) -> Spot:
        spot = cls(text)
        spot.path, spot.marks = path, marks
        return spot

    @classmethod
    def whole(cls, text: str, path: str) -> Spot:
        """The text of a whole file."""
        offset, marks = 0, []
        for number, line in enumerate(text.split("\n"), 1):
            marks.append(Mark(offset, number, 1))
            offset += len(line) + 1
        return cls.of(text, path, tuple(marks))

    def at(self, offset: int = 0) -> Location:
        """Where the character at an offset stands."""
        mark = self.marks[max(0, bisect.bisect_right(self.marks, (offset, 1 << 60, 0)) - 1)]
        return Location(self.path, mark.line, mark.column + max(0, offset - mark.offset))

    def part(self, start: int, stop: int) -> Spot:
        """A piece of the text, with its places."""
        first = self.at(start)
        inner = [Mark(mark.offset - start, mark.line, mark.column) for mark in self.marks if start < mark.offset < stop]
        return Spot.of(str(self)[start:stop], self.path, (Mark(0, first.line, first.column), *inner))
