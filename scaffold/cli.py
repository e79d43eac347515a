"""The boundary: arguments in, exit code out, and every error becomes one line.

Exit codes: 0 clean, 1 findings or a refusal, 2 usage or settings, 3 a bug or nothing checked, 130 interrupted, 141
nobody reads.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import scaffold

_NAME = "gitops-scaffold"
_OBJECTS = 100_000  # made before cycles among them are looked for: most commands end before, and need not wait
_MAIN = os.getpid()  # and not that of a worker, which is forked
_REPORTS: str | None = None  # where reports of bugs are written; None is the system's directory for temporary files


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:  # imports nothing, so that it answers at once
        print(f"{_NAME} {scaffold.__version__}")
        return 0
    gc.set_threshold(_OBJECTS)
    try:
        code = _run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        # what Python still holds for stdout would raise once more when it exits
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return code


def program() -> NoReturn:
    """Run a command as the whole process, which ends without freeing what it holds: that is the system's to do."""
    import signal

    signal.signal(signal.SIGTERM, _interrupt)
    code = main()
    sys.stderr.flush()
    os._exit(code)


def _interrupt(number: int, _: object) -> None:
    """End as Ctrl-C does, cleaning up, where a job is cancelled; the second time it ends at once."""
    import signal

    signal.signal(number, signal.SIG_DFL)
    if os.getpid() != _MAIN:
        os.kill(os.getpid(), number)
    raise KeyboardInterrupt


def _run(arguments: list[str]) -> int:
    import click

    from scaffold.commands import group
    from scaffold.errors import NothingCheckedError, RefusedError, ScaffoldError

    try:
        return group.main(arguments, prog_name=_NAME, standalone_mode=False) or 0
    except (click.Abort, KeyboardInterrupt):
        return _say("interrupted", 130)
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.message, file=sys.stderr)
        return 2
    except RefusedError as error:
        return _say(f"refused: {_usage(error)}", 1)
    except (click.ClickException, ScaffoldError) as error:
        return _say(f"error: {_usage(error)}", 3 if isinstance(error, NothingCheckedError) else 2)
    except SystemExit as error:  # how click leaves when nobody reads
        raise BrokenPipeError from error
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001  # the boundary: whatever is left is a bug of ours
        return _say(f"bug: {_report(error)}", 3)


def _say(line: str, code: int) -> int:
    print(f"{_NAME}: {line}", file=sys.stderr)
    return code


def _usage(error: Exception) -> str:
    """One line; a message of click in our words: lower case, with the nearest known name."""
    import click

    from scaffold import nearest

    if not isinstance(error, click.ClickException):
        return " ".join(str(error).split())

    if isinstance(error, click.NoSuchOption):
        options = [each for each in (error.ctx.command.params if error.ctx else []) if isinstance(each, click.Option)]
        known = [name for option in options for name in option.opts]
        return f"option {error.option_name!r} is unknown; {nearest.hint(error.option_name, known)}"
    text = " ".join(error.format_message().split())
    help_ = f"; see '{error.ctx.command_path} --help'" if isinstance(error, click.UsageError) and error.ctx else ""
    sentence = text[:1].lower() + text[1:].rstrip(".")
    return sentence if ";" in sentence else sentence + help_


def _report(error: Exception) -> str:
    """Write the traceback to a file and say what to do with it."""
    import tempfile
    import traceback

    from scaffold.errors import ISSUES

    heading = f"{_NAME} {scaffold.__version__}, Python {sys.version.split()[0]}, {sys.platform}\n\n"
    handle, name = tempfile.mkstemp(prefix=f"{_NAME}-", suffix=".log", dir=_REPORTS)
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(heading + "".join(traceback.format_exception(error)))
    fact = " ".join(f"{type(error).__name__}: {error}".split())
    return f"{fact}; report it with {name} at {ISSUES}"
