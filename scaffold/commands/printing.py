"""What `validate` says and where: formats to stdout and to files, without what a baseline knows."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from scaffold.validate import Report

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
baseline = click.option(
    "--baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Leave out the findings that this file lists.",
)
write_baseline = click.option(
    "--write-baseline", is_flag=True, help="Write that file; one that is there only loses what fires no more."
)


class Wanted(NamedTuple):
    """The format for stdout, or nothing; the format of each file; the baseline, and whether to write it."""

    shown: str
    files: Mapping[Path, str]
    baseline: Path | None
    write_baseline: bool


def wanted(given: Mapping[str, Any]) -> Wanted:
    """What the options ask for; raises UsageError for a format that nobody knows, or a file in no directory."""
    if given["write_baseline"] and not given["baseline"]:
        raise click.UsageError("--write-baseline has no file; name one with --baseline")
    baseline_ = given["baseline"].absolute() if given["baseline"] else None
    shown, files = _targets(given["format_"], given["outputs"])
    return Wanted(shown, files, baseline_, given["write_baseline"])


def _targets(format_: str, outputs: Iterable[str]) -> tuple[str, dict[Path, str]]:
    _known(format_)
    shown, files = format_, {}
    for given in outputs:
        name, equals, path = given.partition("=")
        if equals:
            files[writable(path)] = _known(name)
        else:
            shown, files[writable(given)] = "", format_
    return shown, files


def _known(name: str) -> str:
    from scaffold.nearest import hint
    from scaffold.report import FORMATS

    if name not in FORMATS:
        raise click.UsageError(f"format {name!r} is unknown; {hint(name, FORMATS)}")
    return name


def writable(name: str) -> Path:
    """The file that an option names; raises UsageError where nothing can be written there."""
    path = Path(name)
    if not name or path.is_dir():
        raise click.UsageError(f"output {name!r} is no file; name one")
    if not path.absolute().parent.is_dir():
        raise click.UsageError(f"output {name!r} is in no directory that is there; make it first")
    return path.absolute()


def write(report: Report, root: Path, asked: Wanted) -> int:
    """Print and write the findings, say on stderr what they cover, and return the exit code."""
    from scaffold import git
    from scaffold.report import lines, text

    if asked.baseline is not None:
        report = _beyond(report, asked.baseline, root, write=asked.write_baseline)
    top = git.top(root) if {asked.shown, *asked.files.values()} - {"text", "json"} else None
    if asked.shown:
        for line in lines(asked.shown, report, root, top):
            click.echo(line)
    for path, name in asked.files.items():
        put(path, "".join(f"{line}\n" for line in lines(name, report, root, top)))
    for line in text.summary(report.summary, len(report.findings)):
        click.echo(line, err=True)
    sys.stdout.flush()
    return 1 if report.findings else 0


def put(path: Path, content: str) -> None:
    """Write a file, whole or not at all."""
    from scaffold import staging
    from scaffold.errors import ScaffoldError

    try:
        staging.files(path.parent, {path.name: staging.Content(content.encode("utf-8", "surrogateescape"))})
    except OSError as error:
        raise ScaffoldError(f"output {str(path)!r} cannot be written, {error.strerror}; name another file") from error


def _beyond(report: Report, file: Path, root: Path, *, write: bool) -> Report:
    """What a baseline does not know; with `write` it is made, or loses what fires no more, but never grows."""
    from scaffold.errors import ScaffoldError
    from scaffold.validate import baseline

    known = baseline.entries(report.findings) if write and not file.exists() else baseline.read(file)
    if write:
        known = baseline.firing(known, report)
        try:
            baseline.write(file, known)
        except OSError as error:
            fact = f"baseline {str(file)!r} cannot be written, {error.strerror}"
            raise ScaffoldError(f"{fact}; name another file") from error
    return baseline.applied(report, known, file, root)
