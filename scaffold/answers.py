"""Answers files: what a layer was generated with."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from scaffold import parse
from scaffold.errors import AnswersError

NAME = ".copier-answers.yml"


class Recorded(NamedTuple):
    """What an answers file says: the template, its version, and the answers without Copier's own keys."""

    address: str
    version: str
    answers: dict[str, Any]


def read(directory: Path) -> Recorded:
    """Read the answers of the layer in a directory; raises AnswersError where there are none or they are no mapping."""
    path = directory / NAME
    return parsed(_text(path), str(path))


def file(path: Path) -> dict[str, Any]:
    """Read a file of answers as a person writes them; Copier's own keys are left out."""
    return parsed(_text(path), str(path)).answers


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise AnswersError(f"answers {str(path)!r} cannot be read, {reason}; name a readable file") from error


def parsed(text: str, name: str) -> Recorded:
    """What the text of an answers file says."""
    recorded = _mapping(text, name)
    answers = {key: value for key, value in recorded.items() if not key.startswith("_")}
    return Recorded(str(recorded.get("_src_path", "")), str(recorded.get("_commit", "")), answers)


def _mapping(text: str, name: str) -> dict[str, Any]:
    recorded = parse.as_copier(text, name)
    if not isinstance(recorded, dict):
        raise AnswersError(f"answers {name!r} are no mapping; write one 'question: answer' a line")
    for key in recorded:
        if not isinstance(key, str):
            raise AnswersError(f"answers {name!r} hold the key {key!r}, which is no string; quote it")
    return recorded
