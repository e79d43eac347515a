"""Where findings go: one format to stdout, or formats to files."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

if TYPE_CHECKING:
    from scaffold.report.outcome import Outcome

format_ = click.option(
    "--format",
    "format_",
    default="text",
    show_default=True,
    help="How to print findings: text, json, sarif, github, gitlab, junit or markdown.",
)
output = click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="[FORMAT=]FILE",
    help="Write them to a file, not to stdout; with a format before it, beside what is printed. May be repeated.",
)


class Targets(NamedTuple):
    """The format for stdout, or nothing, and the format of each file."""

    shown: str
    files: dict[Path, str]


def targets(format_: str, outputs: Iterable[str]) -> Targets:
    """What the options ask for; raises UsageError for a format that nobody knows, or a file in no directory."""
    _known(format_)
    shown, files = format_, {}
    for given in outputs:
        name, equals, path = given.partition("=")
        if equals:
            files[_file(path)] = _known(name)
        else:
            shown, files[_file(given)] = "", format_
    return Targets(shown, files)


def _known(name: str) -> str:
    from scaffold.nearest import hint
    from scaffold.report import FORMATS

    if name not in FORMATS:
        raise click.UsageError(f"format {name!r} is unknown; {hint(name, FORMATS)}")
    return name


def _file(name: str) -> Path:
    path = Path(name)
    if not name or path.is_dir():
        raise click.UsageError(f"output {name!r} is no file; name one")
    if not path.absolute().parent.is_dir():
        raise click.UsageError(f"output {name!r} is in no directory that is there; make it first")
    return path.absolute()


def write(outcome: Outcome, root: Path, wanted: Targets) -> None:
    """Print the findings on stdout, write them to files, and say on stderr what they cover."""
    from scaffold import git, report
    from scaffold.report import text

    top = git.top(root) if {wanted.shown, *wanted.files.values()} - {"text", "json"} else None
    if wanted.shown:
        for line in report.lines(wanted.shown, outcome, root, top):
            click.echo(line)
    for path, name in wanted.files.items():
        _put(path, "".join(f"{line}\n" for line in report.lines(name, outcome, root, top)))
    for line in text.summary(outcome.summary, len(outcome.findings)):
        click.echo(line, err=True)
    sys.stdout.flush()


def _put(path: Path, content: str) -> None:
    from scaffold import staging
    from scaffold.errors import ScaffoldError

    try:
        staging.files(path.parent, {path.name: staging.Content(content.encode("utf-8", "surrogateescape"))})
    except OSError as error:
        raise ScaffoldError(f"output {str(path)!r} cannot be written, {error.strerror}; name another file") from error
