"""`update --pull-request`: the template's changes as one request, on a branch that nobody else has touched."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from scaffold.forges import Request as PullRequest
    from scaffold.guard import Peril
    from scaffold.update import Outcome

HEAD = "update/template"
_TREE = "Written-tree"  # the trailer by which a commit that nobody has changed is known
_MANY = 30  # lines of a kind that a request holds, so that it stays below what forges take


class Wish(NamedTuple):
    """What is to be proposed, and where: layers at `paths`, to a version, on the branch `head` of a remote."""

    paths: tuple[Path, ...]
    version: str
    jobs: int
    head: str
    remote: str
    forge: str


class _Proposed(NamedTuple):
    """A request that is or can be open; `commit` is empty where the branch holds what others have done."""

    request: PullRequest
    commit: str = ""
    pushed: bool = False


def run(wish: Wish, *, as_json: bool) -> int:
    """Update what the remote has of the branch that is checked out, and push the result for a request."""
    from scaffold import forges, git, publish
    from scaffold.commands import delivery
    from scaffold.errors import ToolError

    top = git.top(wish.paths[0].resolve())
    if top is None:
        raise ToolError(f"{str(wish.paths[0])!r} is in no Git work tree; a request needs one")
    wish = wish._replace(forge=delivery.forge_of(top, wish.remote, wish.forge))
    base = git.branch(top)
    if git.run(top, "rev-parse", "--is-shallow-repository").strip() == "true":
        fact = "the clone is shallow, so nobody can tell whose commits a branch holds"
        raise ToolError(f"{fact}; fetch the whole history, with 'git fetch --unshallow' or depth 0 in CI")
    with publish.at_tip(top, wish.remote, base) as tree:
        inside = tuple(tree / path.resolve().relative_to(top) for path in wish.paths)
        outcome, perils = _planned(wish._replace(paths=inside))
        proposed = _proposed(top, tree, wish, base, outcome, perils or []) if outcome.edits else None
    if as_json:
        click.echo(json.dumps(_as_values(outcome, perils, proposed), indent=2))
    for line in _said(proposed, wish):
        click.echo(line, err=True)
    if proposed and proposed.commit and not as_json:
        # What AGit opens, the push of a branch does not.
        command = forges.command("none" if forges.is_reviewed(wish.forge) else wish.forge, proposed.request)
        click.echo(command, nl=bool(command))
    return 0


def _planned(wish: Wish) -> tuple[Outcome, list[Peril] | None]:
    from scaffold import guard, update
    from scaffold.commands import progress, validate

    with progress.bar():
        outcome = update.plan(update.Request(wish.paths, wish.version, wish.jobs))
        return outcome, guard.perils(outcome, validate.options())


def _proposed(top: Path, tree: Path, wish: Wish, base: str, outcome: Outcome, perils: list[Peril]) -> _Proposed:
    """Commit in the tree and push, unless the branch holds the same already, or what somebody else has done."""
    from scaffold import forges, git, publish, staging

    text = "\n".join(_text(outcome, perils))
    request = forges.Request(base, wish.head, _title(outcome), text, draft=bool(outcome.conflicts or perils))
    known = publish.fetched(top, wish.remote, wish.head)
    tip = git.run(tree, "rev-parse", "HEAD").strip()
    if _others(tree, tip, known):
        return _Proposed(request)
    staging.files(tree, outcome.edits)
    git.run(tree, "add", "--all", "--force")
    written = git.run(tree, "write-tree").strip()
    if known and _gives(tree, tip, known, written):
        return _Proposed(request, known)
    git.commit(tree, f"{request.title}\n\n{text}\n\n{_TREE}: {written}\n")
    commit = git.run(tree, "rev-parse", "HEAD").strip()
    target = publish.Target(wish.remote, base, wish.head)
    publish.replace(top, target, known, commit, forges.push_options(wish.forge, request))
    return _Proposed(request, commit, pushed=True)


def _others(tree: Path, tip: str, known: str) -> list[str]:
    """Commits that the branch has on top and that no update made, or somebody has changed since."""
    from scaffold import git

    if not known:
        return []
    form = f"--format=%H %T %(trailers:key={_TREE},valueonly,separator=%x20)"
    listed = git.run(tree, "log", form, known, f"^{tip}").splitlines()
    return [commit for commit, made, *trailers in map(str.split, listed) if trailers != [made]]


def _gives(tree: Path, tip: str, known: str, written: str) -> bool:
    """Tell whether merging the branch as it is gives the same files."""
    from scaffold import git

    merged = git.run(tree, "merge-tree", "--write-tree", "--no-messages", tip, known, check=False).split()
    return merged == [written]


def _title(outcome: Outcome) -> str:
    return f"Update the template to {_version(outcome)}"


def _text(outcome: Outcome, perils: list[Peril]) -> Iterator[str]:
    """What a reviewer has to know, one thing a line."""
    from scaffold import guard
    from scaffold.commands import telling

    yield from (f"- {line}" for line in telling.versions(outcome))
    if outcome.conflicts:
        yield "Conflicts, to be settled on this branch, which no update touches once it holds a commit of yours:"
        yield from _some([each.text(_version(outcome)) for each in outcome.conflicts])
    if perils:
        yield "Dangers, for the clusters, as soon as this is merged:"
        yield from _some(telling.told(perils))
        yield from guard.steps(perils)
        yield "To merge this is that update."


def _version(outcome: Outcome) -> str:
    return ", ".join(sorted({result.version for result in outcome.results}))


def _some(lines: Sequence[str]) -> Iterator[str]:
    yield from (f"- {line}" for line in lines[:_MANY])
    if len(lines) > _MANY:
        yield f"- and {len(lines) - _MANY} more, which 'gitops-scaffold update --check' lists"


def _said(proposed: _Proposed | None, wish: Wish) -> Iterator[str]:
    if not proposed:
        yield "everything is at that version of the template"
        return
    where = f"{wish.remote} {wish.head}"
    if not proposed.commit:
        yield f"{where} holds commits that no update made, so it stays as it is; merge it, or delete it and run again"
    elif not proposed.pushed:
        yield f"{where} holds that already"
    else:
        yield f"pushed {proposed.commit[:12]} to {where}"
    if proposed.request.draft:
        yield "it has conflicts or dangers, which the text of the request names"


def _as_values(outcome: Outcome, perils: list[Peril] | None, proposed: _Proposed | None) -> dict[str, Any]:
    from scaffold.commands import telling

    dangers = [peril._asdict() for peril in perils] if perils is not None else None
    values = telling.as_values(outcome, dangers)
    if not proposed:
        return {**values, "request": None}
    state = {"commit": proposed.commit, "pushed": proposed.pushed}
    return {**values, "request": {**proposed.request._asdict(), **state}}
