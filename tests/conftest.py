"""Every test runs without the user's home directory, without anybody's Git configuration, and without network.

Loopback is no network: the engines' tests run their servers there.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from running import Command, Result, commit

from scaffold.cli import main
from scaffold.generate import compiled
from scaffold.parse import libyaml

# how fast a shared machine is at the moment, is no property of what is tested
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

_GIT_CONFIG = """\
[user]
\tname = Example
\temail = example@example.com
[init]
\tdefaultBranch = main
[protocol]
\tallow = never
[protocol "file"]
\tallow = always
"""
_OWN_DIRECTORIES = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "COPIER_CACHE_DIR")


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "socket.connect" or arguments[0].family not in (socket.AF_INET, socket.AF_INET6):
        return
    if arguments[1][0] != "127.0.0.1":
        raise AssertionError(f"a test wanted to reach {arguments[1]!r}; tests have no network")


sys.addaudithook(_refuse_network)


@pytest.fixture(scope="session", autouse=True)
def _quick_copier() -> Iterator[None]:
    """Copier reads the questions anew for every layer, and compiles the same expressions."""
    with libyaml.preferred(), compiled.once(None):
        yield


@pytest.fixture(scope="session", autouse=True)
def _own_git(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Fixtures of the whole session need this much; `_own_directories` adds the rest for each test."""
    directory = tmp_path_factory.mktemp("session")
    (directory / "gitconfig").write_text(_GIT_CONFIG)
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GIT_")]:
            patch.delenv(name)
        patch.setenv("GIT_CONFIG_GLOBAL", str(directory / "gitconfig"))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("HOME", str(directory))
        patch.setenv("XDG_CACHE_HOME", str(directory / "cache"))
        yield


@pytest.fixture(autouse=True)
def _own_directories(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = tmp_path_factory.mktemp("home")
    for name in _OWN_DIRECTORIES:
        monkeypatch.setenv(name, str(directory / name.lower()))
    monkeypatch.setenv("COPIER_SETTINGS_PATH", str(directory / "absent.yml"))


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run `gitops-scaffold` in this process."""

    def run(*arguments: str | Path) -> Result:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        return Result(code, *capsys.readouterr())

    return run


@pytest.fixture(scope="session")
def _written(_own_git: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fleet of three environments with a team and an application, committed."""
    path = tmp_path_factory.mktemp("written") / "fleet"
    assert main(["new", str(path), "--defaults"]) == 0
    assert main(["add", "team", "checkout", "--repository", str(path)]) == 0
    assert main(["add", "app", "payments", "--team", "checkout", "--repository", str(path)]) == 0
    commit(path)
    return path


@pytest.fixture
def fleet(_written: Path, tmp_path: Path) -> Path:
    """A copy of a fleet with the team `checkout` and its application `payments`, to do with as one likes."""
    return Path(shutil.copytree(_written, tmp_path / "fleet"))
