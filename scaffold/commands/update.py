"""`update`: bring a generated repository to a newer version of its template."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffold.commands import options, telling

if TYPE_CHECKING:
    from scaffold.guard import Peril
    from scaffold.update import Outcome


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
    printed = _as_json(outcome, perils) if as_json else [*telling.lines(outcome), *telling.told(perils)]
    written = not (check or dry_run or refused or (branch and outcome.conflicts))
    if written and outcome.edits:
        _write(outcome, branch)
    for line in printed:
        click.echo(line)
    for line in _refusal(outcome, perils) if refused else _summary(outcome, perils, written=written, branch=branch):
        click.echo(line, err=True)
    return 1 if outcome.conflicts or refused or (check and outcome.edits) else 0


def _as_json(outcome: Outcome, perils: Sequence[Peril] | None) -> list[str]:
    dangers = [peril._asdict() for peril in perils] if perils is not None else None
    return [json.dumps(telling.as_values(outcome, dangers), indent=2)]


def _settle(path: Path, *, undo: bool) -> int:
    from scaffold import git, journal

    root = git.top(path.resolve()) or path.resolve()
    settled = journal.undo(root) if undo else journal.resume(root)
    deed = "undone" if undo else "finished"
    click.echo(f"'{settled.command}' is {deed}: {telling.counted(len(settled.changes), 'file')}", err=True)
    return 0


def _write(outcome: Outcome, branch: str) -> None:
    versions = sorted({result.version for result in outcome.results})
    if branch:
        outcome.branch(branch, f"Update the template to {', '.join(versions)}")
    else:
        outcome.write("gitops-scaffold update")


def _refusal(outcome: Outcome, perils: Sequence[Peril] | None) -> list[str]:
    from scaffold import guard

    return [*telling.versions(outcome), *guard.steps(perils or ()), "nothing is written, because of the dangers"]


def _summary(outcome: Outcome, perils: Sequence[Peril] | None, *, written: bool, branch: str) -> list[str]:
    unknown = ["nothing is committed, so what it does to clusters is not known"] if perils is None else []
    if not outcome.results:
        return [*unknown, "everything is at that version of the template"]
    return [
        *unknown,
        *telling.versions(outcome),
        telling.next_step(outcome, written=written, branch=branch),
    ]
