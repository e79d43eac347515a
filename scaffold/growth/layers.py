"""New layers of a fleet: their answers filled from what the fleet records, their files made from its template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scaffold import answers, generate, git, revisions, template
from scaffold.answers import Recorded
from scaffold.errors import AnswersError, ScaffoldError
from scaffold.fleet import Fleet
from scaffold.generate import Generator
from scaffold.staging import Content


@contextmanager
def generator(layer: Recorded) -> Iterator[Generator]:
    """The template at the version that a layer records; a new layer takes its fleet's."""
    with generate.generator(template.recorded(layer.address, layer.version)) as made:
        yield made


def render(
    made: Generator, fleet: Fleet, kind: str, own: Mapping[str, Any], given: Mapping[str, Any]
) -> dict[str, Content]:
    """Make the files of a layer: `own` answers follow from the command, `given` ones from the user."""
    return rendered(made, fleet.inherited(), kind, own, given)


def rendered(
    made: Generator, shared: Mapping[str, Any], kind: str, own: Mapping[str, Any], given: Mapping[str, Any]
) -> dict[str, Content]:
    """The same with `shared` answers, of which the layer takes those that it is asked for."""
    for name in given:
        if name in own or name == "kind":
            raise AnswersError(f"{name!r} follows from the command and the fleet; leave it out")
    known = {"kind": kind, **own, **given}
    asked = made.asked({**shared, **known})
    inherited = {name: value for name, value in shared.items() if name in asked}
    return made.render({**inherited, **known})


def refuse_changed(root: Path, *paths: str) -> None:
    """Raise ScaffoldError where one of these files differs from the last commit; without a commit none does."""
    if git.run(root, "rev-parse", "--verify", "--quiet", "HEAD", check=False):
        changed = revisions.differing(root, "HEAD", among=paths)
        if changed:
            raise ScaffoldError(f"{changed[0]!r} has changes that are not committed; commit or undo them first")


def answers_file(directory: str = "") -> str:
    """The path of a layer's answers, relative to the fleet."""
    return f"{directory}/{answers.NAME}" if directory else answers.NAME


def recorded(files: Mapping[str, Content]) -> Recorded:
    """The answers among the files of a layer."""
    return answers.parsed(files[answers.NAME].data.decode(), answers.NAME)
