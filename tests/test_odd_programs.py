"""Programs that hang, print nonsense or are ended: a run ends in one clear error and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from checking import check, write

from scaffold.errors import ScaffoldError
from scaffold.render import kustomize, started
from scaffold.render.builders import Builder
from scaffold.validate import Options, validate

_CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n"


def _program(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


_VERSION = 'if [ "$1" = version ]; then echo v5.8.1; exit 0; fi\n'


def test_kustomize_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(started, "_SECONDS", 0.5)
    root = write(tmp_path / "repository", "# kustomization.yaml\nresources:\n  - a.yaml\n# a.yaml\n" + _CONFIG)
    report = check(root, kustomize=_program(tmp_path / "kustomize", _VERSION + "exec sleep 60"))
    assert [finding.rule for finding in report.findings] == ["render-failure"]
    assert "no result in" in report.findings[0].message


@pytest.mark.parametrize(
    "script",
    [
        "echo 'a: [b'",
        "echo 'a: b'",
        "echo '- a'",
        "printf '\\377\\376'",
        "kill -9 $$",
        "echo 'apiVersion: v1'; echo 'kind: ConfigMap'; echo 'metadata: []'",
    ],
    ids=["no YAML", "no object", "a list", "no text", "killed", "odd metadata"],
)
def test_kustomize_that_prints_nonsense(script: str, tmp_path: Path) -> None:
    root = write(tmp_path / "repository", "# kustomization.yaml\nresources:\n  - a.yaml\n# a.yaml\n" + _CONFIG)
    report = check(root, kustomize=_program(tmp_path / "kustomize", _VERSION + script))
    assert {finding.rule for finding in report.findings} <= {"render-failure", "schema-violation"}
    assert len(report.findings) >= 1


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_terminated_run_leaves_nothing(jobs: str, tmp_path: Path) -> None:
    """A runner that cancels a job sends SIGTERM, which would end Python without its finally."""
    for number in range(4):
        write(tmp_path / "r", f"# {number}/kustomization.yaml\nresources: [a.yaml]\n# {number}/a.yaml\n{_CONFIG}")
    builder = _program(tmp_path / "kustomize", f"{_VERSION}echo $$ >> {tmp_path}/started; exec sleep 60")
    (tmp_path / "t").mkdir()
    environment = os.environ | {"TMPDIR": str(tmp_path / "t"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = (sys.executable, "-m", "scaffold", "validate", "--jobs", jobs, "--kustomize", builder)
    with subprocess.Popen(command, cwd=tmp_path / "r", env=environment, stderr=subprocess.PIPE, text=True) as process:
        _wait_until((tmp_path / "started").exists)
        process.terminate()
        _, said = process.communicate(timeout=30)
    assert (process.returncode, said.splitlines()[-1]) == (130, "gitops-scaffold: interrupted")
    assert not list((tmp_path / "t").iterdir())
    processes = [int(line) for line in (tmp_path / "started").read_text().split()]
    _wait_until(lambda: not any(map(_is_running, processes)))


def test_no_build_is_lost_between_its_start_and_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lost: list[subprocess.Popen[bytes]] = []
    really = subprocess.Popen

    def start(*given: Any, **named: Any) -> subprocess.Popen[bytes]:
        lost.append(really(*given, **named))
        os.kill(os.getpid(), signal.SIGTERM)
        return lost[0]

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "Popen", start)
    program = Builder((_program(tmp_path / "kustomize", "exec sleep 60"),), "5.8.1", "kustomize 5.8.1")
    before = signal.signal(signal.SIGTERM, stop)
    try:
        with pytest.raises(KeyboardInterrupt), started.Started(program, tmp_path, tmp_path):
            pytest.fail("the signal was lost")  # pragma: no cover
        assert signal.getsignal(signal.SIGTERM) is stop
    finally:
        signal.signal(signal.SIGTERM, before)
    assert lost[0].poll() == -signal.SIGKILL


def _wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def _is_running(process: int) -> bool:
    try:
        return "sleep" in Path(f"/proc/{process}/cmdline").read_text()
    except FileNotFoundError:
        return False


def test_killed_worker_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        write(tmp_path, f"# {number}/kustomization.yaml\nresources: [a.yaml]\n# {number}/a.yaml\n{_CONFIG}")
    parent = os.getpid()

    def die(*_: object) -> None:
        assert os.getpid() != parent
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(kustomize, "build_many", die)
    with pytest.raises(ScaffoldError, match="worker process ended"):
        validate(tmp_path, Options(jobs=2))
