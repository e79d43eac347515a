"""`update`: bring a generated repository to a newer version of its template."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scaffold.commands import options

if TYPE_CHECKING:
    from scaffold.guard import Peril
    from scaffold.update import Outcome
    from scaffold.update.layer import Result

_VERSION = 1


@click.command(
    "update",
    short_help="Bring a generated repository to a newer version of its template.",
    epilog="Example: gitops-scaffold update --check && gitops-scaffold update",
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]…")
@click.option("--to", "version", default="", metavar="VERSION", help="The version to go to (default: the newest).")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where there is something to update.")
@click.option("--dry-run", is_flag=True, help="Show what would change and write nothing.")
@click.option("--branch", default="", metavar="NAME", help="Commit on a new branch; the work tree stays as it is.")
@click.option("--pull-request", is_flag=True, help="Push it to a branch that is made anew each time, for one request.")
@click.option("--remote", default="origin", show_default=True, metavar="NAME", help="Where to push.")
@click.option("--forge", default="", help="Who opens pull requests (default: as the remote's address says).")
@click.option("--allow-destructive", is_flag=True, help="Write also what a cluster refuses or cannot take back.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--continue", "continue_", is_flag=True, help="Finish a change that was interrupted.")
@click.option("--abort", is_flag=True, help="Undo the last change, or one that was interrupted.")
@options.jobs
def command(  # noqa: PLR0913  # one parameter an option
    paths: tuple[Path, ...],
    version: str,
    branch: str,
    jobs: int | None,
    remote: str,
    forge: str,
    *,
    pull_request: bool,
    check: bool,
    dry_run: bool,
    allow_destructive: bool,
    as_json: bool,
    continue_: bool,
    abort: bool,
) -> int:
    """Bring the layers at PATH (default: all of the repository) to another version of the template.

    Edits are merged path by path. Nothing is written before everything is computed; what both sides changed is left
    between markers and listed, with exit code 1. What would make a cluster delete or refuse something is not written.

    With --pull-request the branch that is checked out is updated as the remote has it, and the result is pushed to
    another one, update/template or NAME; the request's text says conflicts and dangers.
    """
    from scaffold import guard, update, workers
    from scaffold.commands import progress, proposing, validate

    if continue_ or abort:
        return _settle(paths[0] if paths else Path(), undo=abort)
    if pull_request and not (check or dry_run):
        chosen = (paths or (Path(),), version, jobs or workers.default_jobs())
        return proposing.run(proposing.Wish(*chosen, branch or proposing.HEAD, remote, forge), as_json=as_json)
    with progress.bar():
        request = update.Request(paths or (Path(),), version, jobs or workers.default_jobs())
        outcome = update.plan(request)
        perils = guard.perils(outcome, validate.options())
    refused = bool(perils) and not allow_destructive
    dangers = [peril._asdict() for peril in perils] if perils is not None else None
    printed = [json.dumps(as_values(outcome, dangers), indent=2)] if as_json else [*lines(outcome), *told(perils)]
    written = not (check or dry_run or refused or (branch and outcome.conflicts))
    if written and outcome.edits:
        _write(outcome, branch)
    for line in printed:
        click.echo(line)
    if refused:
        said = [*versions(outcome), *guard.steps(perils or ()), "nothing is written, because of the dangers"]
    else:
        unknown = ["nothing is committed, so what it does to clusters is not known"] if perils is None else []
        said = [*unknown, *_summary(outcome, written=written, branch=branch)]
    for line in said:
        click.echo(line, err=True)
    return 1 if outcome.conflicts or refused or (check and outcome.edits) else 0


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


def _other_side(result: Result) -> str:
    """The version that a conflict speaks of, or nothing where only answers changed."""
    return result.version if result.version != result.layer.recorded.version else ""


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


def _settle(path: Path, *, undo: bool) -> int:
    from scaffold import git, journal

    root = git.top(path.resolve()) or path.resolve()
    settled = journal.undo(root) if undo else journal.resume(root)
    deed = "undone" if undo else "finished"
    click.echo(f"'{settled.command}' is {deed}: {counted(len(settled.changes), 'file')}", err=True)
    return 0


def _write(outcome: Outcome, branch: str) -> None:
    versions = sorted({result.version for result in outcome.results})
    if branch:
        outcome.branch(branch, f"Update the template to {', '.join(versions)}")
    else:
        outcome.write("gitops-scaffold update")


def _summary(outcome: Outcome, *, written: bool, branch: str) -> list[str]:
    if not outcome.results:
        return ["everything is at that version of the template"]
    return [*versions(outcome), next_step(outcome, written=written, branch=branch)]


def versions(outcome: Outcome) -> list[str]:
    """What questions and layers become, one a line."""
    said = questions(outcome)
    said += [f"{path} belongs to another template and is left alone" for path in outcome.foreign]
    steps: dict[tuple[str, str], int] = {}
    for result in outcome.results:
        step = (result.layer.recorded.version, result.version)
        steps[step] = steps.get(step, 0) + 1
    return [*said, *(f"{counted(number, 'layer')} from {old} to {new}" for (old, new), number in sorted(steps.items()))]


def counted(number: int, noun: str) -> str:
    """A number of things, as people say it."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


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


def _raised(outcome: Outcome) -> set[str]:
    """Answers files in which nothing but the version changes; the summary counts them."""
    return {path for result in outcome.results if result.raised for path in result.edits}
