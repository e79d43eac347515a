"""What the template as it stands would do to repositories that a released version wrote.

The repositories are the examples and the sets of answers, each as the released version carries it.
"""

from __future__ import annotations

import difflib
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scaffold import generate, git, guard, parse, staging, template, update
from scaffold.errors import ScaffoldError
from scaffold.generate import Generator
from scaffold.model import mapping
from scaffold.staging import Content
from scaffold.template import Template
from scaffold.update import Outcome, Request, moves
from scaffold.update.layer import Result
from scaffold.validate import Options

_SETS = "tests/answers"
_KINDS = ("fleet", "cluster", "team", "team-repo", "app")
_ALIKE = 0.6  # of the lines of both files
_Seen = dict[tuple[str, str], list[str]]


@dataclass
class Findings:
    """What was found, in words: flaws forbid a release, breaks ask for a version that says so, the rest is news."""

    flaws: list[str] = field(default_factory=list)
    breaks: list[str] = field(default_factory=list)
    news: list[str] = field(default_factory=list)


def released(project: Path) -> list[str]:
    """The versions that lead to what is checked out, oldest first."""
    return git.run(project, "tag", "--list", "v*", "--merged", "HEAD", "--sort", "version:refname").split()


def since(project: Path, version: str, *, clusters: bool) -> Findings:
    """Replay what a version carries, and with `clusters` say what that would do to them."""
    here = template.installed()
    then = template.recorded(template.ADDRESS, version)
    found = Findings()
    with tempfile.TemporaryDirectory() as directory, generate.generators([then, here]) as made:
        carried = Path(directory, "carried")
        git.run(project, "clone", "--quiet", "--no-checkout", "--shared", str(project), str(carried))
        git.run(carried, "checkout", "--quiet", version, "--", "examples", _SETS)
        _questions(made[then], made[here], found)
        outcomes = list(_outcomes(carried, Path(directory), made, found, (then, here)))
        _files(outcomes, found)
        for outcome in outcomes if clusters else ():
            found.breaks += _dangers(outcome)
    return found


def _questions(old: Generator, new: Generator, found: Findings) -> None:
    """Questions that are gone: under another name, dropped as declared, or neither; and those that are new."""
    texts = (old.source(moves.FILE), new.source(moves.FILE))
    declared = [moves.between(*texts, {"kind": kind}).answers for kind in _KINDS]
    known = {source: target for pairs in declared for source, target in pairs}
    for name in sorted(old.questions.keys() - new.questions.keys()):
        if name not in known:
            remedy = f"say in {moves.FILE}, under answers, what became of it"
            found.flaws.append(f"question {name!r} is gone, so every recorded answer to it would be refused; {remedy}")
        elif not known[name]:
            found.breaks.append(f"answers to {name!r} are dropped")
        else:
            found.news.append(f"answers to {name!r} are kept as {known[name]!r}")
    fresh = new.questions.keys() - old.questions.keys() - set(known.values())
    found.news += [f"question {name!r} is new" for name in sorted(fresh)]


def _outcomes(
    carried: Path, top: Path, made: Mapping[Template, Generator], found: Findings, versions: tuple[Template, Template]
) -> Iterator[Outcome]:
    then, here = versions
    for example in sorted((carried / "examples").iterdir()):
        yield from _outcome(Path(shutil.move(example, top / example.name)), here, made, found)
    for path in sorted((carried / _SETS).glob("*.yml")):
        (given,) = parse.documents(path.read_text(), path.name)
        staging.files(top / path.name, made[then].render(mapping(given)))
        yield from _outcome(top / path.name, here, made, found)


def _outcome(root: Path, here: Template, made: Mapping[Template, Generator], found: Findings) -> Iterator[Outcome]:
    """Plan the update of one repository; where an answer does not fit any more, that is a flaw."""
    git.run(root, "init", "--quiet")
    git.run(root, "add", "--all", "--force")
    git.commit(root, "What a version wrote")
    try:
        yield update.plan(Request((root,), here.version), made)
    except ScaffoldError as error:
        found.flaws.append(f"{root.name}: {error}")


def _dangers(outcome: Outcome) -> Iterator[str]:
    """What it does to clusters; of a layer that stands alone nothing is known."""
    if outcome.root.suffix:
        return
    for peril in guard.perils(outcome, Options(jobs=1)) or ():
        yield f"{outcome.root.name}: {peril.where}: {peril.subject}: {peril.fact}"


def _files(outcomes: Iterable[Outcome], found: Findings) -> None:
    """Files that move, come and go, each told once for all layers of a kind."""
    moved: _Seen = {}
    lost: _Seen = {}
    gone: _Seen = {}
    for outcome in outcomes:
        for result in outcome.results:
            for path, target in _fates(outcome.root, result):
                seen = gone if not target else moved if (path, target) in result.moved else lost
                names = (_inner(result, path), _inner(result, target) if target else "")
                seen.setdefault(names, []).append(f"{outcome.root.name}/{path}")
    for (path, target), where in lost.items():
        remedy = f"declare the move in {moves.FILE}, or an edit of it ends as a conflict"
        found.flaws.append(f"{path} is gone and {target} is new with much the same text, {_told(where)}; {remedy}")
    found.news += [f"{path} moves to {target}, {_told(where)}" for (path, target), where in moved.items()]
    found.news += [f"{path} is deleted, {_told(where)}" for (path, _), where in gone.items()]


def _fates(root: Path, result: Result) -> Iterator[tuple[str, str]]:
    """Paths that go, with what they became: as declared, by what is in them, or nothing."""
    yield from result.moved
    known = {path for pair in result.moved for path in pair}
    fresh = {
        path: content
        for path, content in result.edits.items()
        if content is not None and path not in known and not (root / path).exists()
    }
    for path, content in result.edits.items():
        old = staging.read(root / path)
        if content is None and path not in known and old is not None:
            yield path, _alike(old, fresh)


def _alike(old: Content, fresh: Mapping[str, Content]) -> str:
    """The new file that has most lines of an old one, or nothing where none has many."""
    rated = [(_share(old, content), path) for path, content in fresh.items()]
    share, path = max(rated, default=(0.0, ""))
    return path if share >= _ALIKE else ""


def _share(old: Content, new: Content) -> float:
    return difflib.SequenceMatcher(None, old.data.splitlines(), new.data.splitlines(), autojunk=False).ratio()


def _inner(result: Result, path: str) -> str:
    """A path as the layer's kind has it."""
    inner = path.removeprefix(f"{result.layer.directory}/") if result.layer.directory else path
    return f"{result.layer.recorded.answers['kind']}: {inner}"


def _told(where: list[str]) -> str:
    return f"as in {where[0]}" + (f" and {len(where) - 1} more" if len(where) > 1 else "")
