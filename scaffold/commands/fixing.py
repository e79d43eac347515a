"""`validate --fix` and `--diff`: mend what has one right remedy, or show how."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from scaffold.validate import Options, Report

_ROUNDS = 10  # what is mended may uncover more


def fix(report: Report, root: Path, options: Options) -> Report:
    """Mend until nothing is left that can be, say on stderr what was done, and return what is found then."""
    from scaffold import validate

    mended, paths = 0, set[str]()
    for _ in range(_ROUNDS):
        files = validate.fixing.fixed(root, report.findings)
        if not files.after:
            break
        validate.fixing.write(root, files)
        mended, paths = mended + files.mended, paths | files.after.keys()
        report = validate.validate(root, options)
    click.echo(f"{mended} fixed in {len(paths)} file{'' if len(paths) == 1 else 's'}", err=True)
    return report


def preview(report: Report, root: Path) -> int:
    """Print the patch, and return 1 where it is not empty."""
    from scaffold.validate import fixing

    files = fixing.fixed(root, report.findings)
    for line in fixing.differences(files):
        click.echo(line, nl=False)
    left = len(report.findings) - files.mended
    click.echo(f"{files.mended} can be fixed, {left} cannot", err=True)
    sys.stdout.flush()
    return 1 if files.after else 0
