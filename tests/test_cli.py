"""The boundary: exit codes, one line for an error, and what is imported when."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from running import Command

import scaffold
from scaffold import cli
from scaffold.commands import group


def test_version_imports_nothing_heavy() -> None:
    code = "import sys; from scaffold.cli import main; main(['--version']); print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    version, modules = result.stdout.splitlines()
    assert version == f"gitops-scaffold {scaffold.__version__}"
    assert not {"click", "copier", "jinja2", "yaml", "ryaml", "importlib.metadata"} & set(modules.split())


def test_help_imports_neither_copier_nor_yaml() -> None:
    code = "import sys; from scaffold.cli import main; main(['--help']); print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"copier", "jinja2", "yaml", "ryaml"} & set(result.stdout.splitlines()[-1].split())


def test_module_is_the_command() -> None:
    result = subprocess.run([sys.executable, "-m", "scaffold", "--version"], capture_output=True, text=True, check=True)
    assert result.stdout == f"gitops-scaffold {scaffold.__version__}\n"


def test_unknown_command_names_the_nearest(command: Command) -> None:
    assert command("validat") == (
        2,
        "",
        "gitops-scaffold: error: command 'validat' is unknown; did you mean 'validate'?\n",
    )


def test_unknown_option_names_the_nearest(command: Command) -> None:
    assert command("new", "--default", "x") == (
        2,
        "",
        "gitops-scaffold: error: option '--default' is unknown; did you mean '--defaults'?\n",
    )


def test_missing_argument_is_one_line(command: Command) -> None:
    result = command("new")
    assert (result.code, result.out) == (2, "")
    assert result.err == "gitops-scaffold: error: missing argument 'PATH'; see 'gitops-scaffold new --help'\n"


def test_nothing_at_all_shows_help(command: Command) -> None:
    result = command()
    assert (result.code, result.out) == (2, "")
    assert "validate" in result.err


def test_bug_leaves_a_report(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by accident")

    monkeypatch.setattr(cli, "_REPORTS", str(tmp_path))
    monkeypatch.setattr(group, "main", fail)
    result = command("rules")
    (report,) = tmp_path.iterdir()
    assert (result.code, result.out) == (3, "")
    assert result.err.count("\n") == 1
    assert result.err.startswith(f"gitops-scaffold: bug: ZeroDivisionError: by accident; report it with {report} at ")
    assert "Traceback" in report.read_text()


def test_interrupt_is_130(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(group, "main", interrupt)
    assert command("rules") == (130, "", "gitops-scaffold: interrupted\n")


def test_nobody_reads() -> None:
    code = "import sys; from scaffold.cli import main; sys.exit(main(['rules']))"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def _commands(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(command, click.Group):
        return [path]
    context = click.Context(command)
    below = {name: command.get_command(context, name) for name in command.list_commands(context)}
    return [path, *(deeper for name, sub in below.items() if sub for deeper in _commands(sub, (*path, name)))]


@pytest.mark.parametrize("path", _commands(group), ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...], command: Command) -> None:
    result = command(*path, "--help")
    assert (result.code, result.err) == (0, "")
    assert "\n  Example: " in result.out or path == ("add",)


@pytest.mark.parametrize("path", _commands(group), ids=" ".join)
def test_every_option_has_help(path: tuple[str, ...]) -> None:
    found: click.Command = group
    for name in path:
        assert isinstance(found, click.Group)
        sub = found.get_command(click.Context(found), name)
        assert sub is not None
        found = sub
    assert [p.name for p in found.params if isinstance(p, click.Option) and not p.help] == []
