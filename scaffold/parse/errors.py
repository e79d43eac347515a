"""Why a text is not YAML, in words that say what to mend."""

from __future__ import annotations

import re
from typing import Any

import yaml

from scaffold.errors import ScaffoldError

DEEPEST = 200


class YamlError(ScaffoldError):
    """The text is not YAML; line and column count from 1."""

    def __init__(self, problem: str, line: int, column: int) -> None:
        super().__init__(problem)
        self.problem, self.line, self.column = problem, line, column


_ODD = re.compile(r" *\u00a0")
_KEY = "could not find expected ':'"
_NEAR = 3  # lines above the one where the reader stumbles
_OPEN = {"]": "a list in brackets is", "}": "a mapping in braces is", "scalar": "a quoted text is"}


def in_words(error: yaml.MarkedYAMLError, text: str) -> YamlError:
    """The flaw in words; one that the reader meets lines later stands where what is open begins."""
    said = " ".join(part for part in (error.context, error.problem) if part)
    opened = next((words for end, words in _OPEN.items() if end in said and " block " not in said), "")
    begun = bool(opened) or _KEY in said  # a word alone is met a line later, as may be the end of the text
    mark = (error.context_mark if begun else None) or error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if opened and "escape" not in said:
        return YamlError(f"{opened} not closed", line, column)
    lines = text.splitlines()
    if line > len(lines) > 0:
        return YamlError("the text ends too early", len(lines), max(1, len(lines[-1])))
    for number in range(max(1, line - _NEAR), line + 1):
        if odd := _ODD.match(lines[number - 1]):
            return YamlError("a no-break space stands in the indent", number, odd.end())
    written = (lines[line - 1 : line] or [""])[0]
    if "cannot start any token" in said:
        character = written[column - 1 : column]
        tab = character == "\t"
        words = "a tab stands in the indent" if tab else f"a value begins with {character!r} and has no quotes"
        return YamlError(words, line, column)
    return YamlError(next((words for sign, words in _WORDS.items() if sign in said), said), line, column)


_WORDS = {
    "mapping values are not allowed": "a second ': ' stands in one line, or the indent is wrong",
    "did not find expected key": "the indent does not fit the lines above it",
    "did not find expected '-' indicator": "the indent does not fit the list above it",
    _KEY: "a key has no ':'",
    "did not find expected node content": "a bracket stands where a value belongs",
    "block sequence entries are not allowed": "a '- ' stands where no list can begin",
    "undefined alias": "an alias names an anchor that is not there",
    "did not find expected <document start>": "the text goes on after the end of the document",
}


def of_reader(error: Exception, text: str) -> YamlError:
    """The flaw that the reader met before there was any structure."""
    return YamlError(_reader_problem(error), *_reader_place(text, error))


def _reader_problem(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return f"nested deeper than {DEEPEST} levels"
    if isinstance(error, yaml.reader.ReaderError):
        character = error.character if isinstance(error.character, str) else chr(error.character)
        return f"character {character!a} is not allowed in YAML"
    return " ".join(str(error).split())


def _reader_place(text: str, error: Exception) -> tuple[int, int]:
    position = getattr(error, "position", 0)
    before = text[:position] if isinstance(position, int) else ""
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def at(node: Any, problem: str) -> YamlError:
    """A flaw at the place of a node."""
    return YamlError(problem, node.start_mark.line + 1, node.start_mark.column + 1)
