"""What a change of layers does, in words for people and in values for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scaffold.guard import Peril
    from scaffold.update import Outcome
    from scaffold.update.layer import Result

_VERSION = 1


def lines(outcome: Outcome) -> list[str]:
    """What an update does to files, one a line, and the conflicts."""
    moved = dict(outcome.moved)
    targets = set(moved.values())
    changed = [
        f"{'delete' if content is None else 'change' if (outcome.root / path).exists() else 'create'} {path}"
        for path, content in outcome.edits.items()
        if path not in moved and path not in targets and path not in _raised(outcome)
    ]
    conflicts = [each.text(_other_side(result)) for result in outcome.results for each in result.conflicts]
    return [*changed, *(f"move {source} to {target}" for source, target in outcome.moved), *conflicts]


def told(perils: Sequence[Peril] | None) -> list[str]:
    """What an outcome does to clusters that cannot be taken back, one a line."""
    return [f"dangerous: {peril.where}: {peril.subject}: {peril.fact}" for peril in perils or ()]


def as_values(outcome: Outcome, dangers: list[dict[str, Any]] | None) -> dict[str, Any]:
    """The same for programs; keys may be added, none is taken away."""
    return {
        "version": _VERSION,
        "layers": [
            {
                "path": result.layer.name,
                "from": result.layer.recorded.version,
                "to": result.version,
                "changes": sorted(result.edits),
            }
            for result in outcome.results
        ],
        "moved": [{"from": source, "to": target} for source, target in outcome.moved],
        "questions": [{"name": name, "answer": value, "layers": number} for name, value, number in outcome.defaults],
        "conflicts": [each._asdict() for each in outcome.conflicts],
        "dangers": dangers,
        "foreign": list(outcome.foreign),
    }


def versions(outcome: Outcome) -> list[str]:
    """What questions and layers become, one a line."""
    said = questions(outcome)
    said += [f"{path} belongs to another template and is left alone" for path in outcome.foreign]
    steps: dict[tuple[str, str], int] = {}
    for result in outcome.results:
        step = (result.layer.recorded.version, result.version)
        steps[step] = steps.get(step, 0) + 1
    return [*said, *(f"{counted(number, 'layer')} from {old} to {new}" for (old, new), number in sorted(steps.items()))]


def questions(outcome: Outcome) -> list[str]:
    """New questions with their answers, and answers that nobody is asked for any more."""
    asked = [
        f"new question {name!r} takes its default {value}, in {n} of the layers" for name, value, n in outcome.defaults
    ]
    return asked + [
        f"{name!r} is not asked any more and goes, in {number} of the layers" for name, number in outcome.hidden
    ]


def next_step(outcome: Outcome, *, written: bool, branch: str = "") -> str:
    """What a person does now."""
    if not written:
        return "nothing is written" + (", because of the conflicts" if branch and outcome.conflicts else "")
    if outcome.conflicts:
        number = counted(len(outcome.conflicts), "conflict")
        return f"{number}, to be settled before you commit; 'gitops-scaffold update --abort' undoes everything"
    return f"next: merge branch {branch}" if branch else "next: gitops-scaffold validate, then commit"


def counted(number: int, noun: str) -> str:
    """A number of things, as people say it."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _other_side(result: Result) -> str:
    """The version that a conflict speaks of, or nothing where only answers changed."""
    return result.version if result.version != result.layer.recorded.version else ""


def _raised(outcome: Outcome) -> set[str]:
    """Answers files in which nothing but the version changes; the summary counts them."""
    return {path for result in outcome.results if result.raised for path in result.edits}
