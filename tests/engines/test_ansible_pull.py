"""Hosts that pull their configuration: the generated playbook really pulls, heals, reports and refuses.

It needs no Go, but the minutes of processor that eight runs of ansible-pull take.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from scaffold import git
from scaffold.cli import main

PROGRAMS = Path(sys.executable).parent
SIGNER = "Example <example@example.com>"


@pytest.fixture(scope="module")
def written(_own_git: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hosts") / "fleet"
    data = ("ansible_pull=true", "monitoring=true", "environments=[dev, production]")
    assert main(["new", str(path), "--defaults", *(part for one in data for part in ("--data", one))]) == 0
    return path


class Host:
    """This machine as a host whose files all stand below one directory, and the repository that it pulls from."""

    def __init__(self, written: Path, directory: Path) -> None:
        self.repository = Path(shutil.copytree(written, directory / "repository"))
        self.root = directory / "host"
        self.keyring = directory / "signer"
        self.keyring.mkdir(mode=0o700)
        self.environment = {**os.environ, "PATH": f"{PROGRAMS}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
        key = ("--passphrase", "", "--quick-generate-key", SIGNER, "ed25519", "sign", "never")
        self._gpg("--batch", "--quiet", "--pinentry-mode", "loopback", *key)
        signer = self._gpg("--armor", "--export")
        (self.repository / "hosts/keys/signer.asc").write_text(signer)
        (self.root / "etc/gnupg").mkdir(mode=0o700, parents=True)
        imported = ("--homedir", str(self.root / "etc/gnupg"), "--batch", "--quiet", "--import")
        subprocess.run(["gpg", *imported], input=signer, text=True, check=True, capture_output=True)

    def _gpg(self, *arguments: str) -> str:
        command = ["gpg", "--homedir", str(self.keyring), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout

    def named(self, group: str, variables: Mapping[str, Any]) -> None:
        """Put this machine into a group of the inventory, with everything below its own directory."""
        own = {
            "ansible_pull_url": f"file://{self.repository}",
            "ansible_pull_config": str(self.root / "etc"),
            "ansible_pull_state": str(self.root / "state"),
            "ansible_pull_program": str(self.root / "ansible-pull-run"),
            "ansible_pull_units": str(self.root / "units"),
            "ansible_pull_figures": str(self.root / "figures"),
            "ansible_pull_timers": False,
            **variables,
        }
        (self.root / "units").mkdir(exist_ok=True)
        groups = {"all": {"children": {group: {"hosts": {platform.node(): own}}}}}
        (self.repository / "hosts/inventory/hosts.yaml").write_text(yaml.safe_dump(groups))

    def commit(self, *, signed: bool = True) -> None:
        git.run(self.repository, "add", "--all")
        sign = "--gpg-sign=example@example.com" if signed else "--no-gpg-sign"
        variables = {"GNUPGHOME": str(self.keyring)}
        git.run(self.repository, "commit", "--quiet", "--allow-empty", sign, "-m", "A state", variables=variables)

    def first(self) -> None:
        """The one run by hand, as hosts/README.md says it."""
        told = (self.repository / "hosts/README.md").read_text()
        (line,) = re.findall(r"^GNUPGHOME=.*? ansible-pull (.*)\\\n(.*)$", told, re.MULTILINE)
        arguments = " ".join(line).replace("/var/lib/ansible-pull", str(self.root / "state"))
        arguments = arguments.replace("https://git.example.com/platform/fleet.git", f"file://{self.repository}")
        roles = self.root / "state/apply/hosts/roles"
        environment = {"GNUPGHOME": str(self.root / "etc/gnupg"), "ANSIBLE_ROLES_PATH": str(roles)}
        done = self._run(["ansible-pull", *arguments.split()], environment)
        assert done.returncode == 0, done.stdout + done.stderr

    def pull(self, mode: str) -> tuple[int, dict[str, int]]:
        """One run of the installed program: how it ended, and its figures."""
        done = self._run([str(self.root / "ansible-pull-run"), mode], {})
        text = (self.root / f"figures/ansible_pull_{mode}.prom").read_text()
        found = re.findall(r'^ansible_pull_(\w+)\{mode="(\w+)"\} (\d+)$', text, re.MULTILINE)
        assert {name for _, name, _ in found} == {mode}, done.stdout
        assert len(re.findall("^# (?:HELP|TYPE) ", text, re.MULTILINE)) == 2 * len(found)
        return done.returncode, {name: int(value) for name, _, value in found}

    def _run(self, command: list[str], variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        environment = {**self.environment, **variables}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def host(written: Path) -> Iterator[Host]:
    """Where paths are short: the sockets of gpg-agent stand in its home."""
    with tempfile.TemporaryDirectory(prefix="host-") as directory:
        made = Host(written, Path(directory))
        yield made
        for home in (made.keyring, made.root / "etc/gnupg"):
            subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=True, timeout=60)


def test_a_host_that_heals_and_runs_nothing_unsigned_nor_without_a_name_or_a_key(host: Host) -> None:
    host.named("env_dev", {})
    host.commit()
    host.first()
    _units_are_systemds(host.root / "units")
    timer = host.root / "units/ansible-pull-apply.timer"
    installed = timer.read_text()
    timer.write_text("changed by hand\n")
    code, figures = host.pull("drift")
    assert (code, figures["changed_tasks"], timer.read_text()) == (0, 1, "changed by hand\n")
    code, figures = host.pull("apply")
    assert (code, figures["failed"], figures["changed_tasks"], timer.read_text()) == (0, 0, 1, installed)
    succeeded = figures["last_success_timestamp_seconds"]
    _without_a_name_or_a_key_it_fails(host)
    host.named("env_dev", {"ansible_pull_apply_every": "1s"})
    host.commit(signed=False)
    code, figures = host.pull("apply")
    assert code != 0
    assert (figures["failed"], figures["last_success_timestamp_seconds"]) == (1, succeeded)
    assert timer.read_text() == installed


def _without_a_name_or_a_key_it_fails(host: Host) -> None:
    key, inventory = host.repository / "hosts/keys/signer.asc", host.repository / "hosts/inventory/hosts.yaml"
    kept = key.read_text()
    key.unlink()
    host.commit()
    assert host.pull("apply")[0] != 0, "the last key may not go"
    key.write_text(kept)
    inventory.write_text("all:\n  children:\n    env_dev:\n      hosts: {}\n")
    host.commit()
    code, figures = host.pull("apply")
    assert (code, figures["failed"]) == (1, 1)


def test_a_host_that_is_released(host: Host) -> None:
    host.named("env_production", {})
    host.commit()
    git.run(host.repository, "branch", "hosts/production")
    host.first()
    timer = host.root / "units/ansible-pull-apply.timer"
    timer.write_text("changed by hand\n")
    host.named("env_production", {"ansible_pull_apply_every": "5min"})
    host.commit()
    assert host.pull("drift")[1]["changed_tasks"] == 1
    assert host.pull("apply")[1]["changed_tasks"] == 0
    assert timer.read_text() == "changed by hand\n"
    git.run(host.repository, "branch", "--force", "hosts/production", "main")
    assert host.pull("apply")[1]["changed_tasks"] == 1
    assert "OnUnitInactiveSec=5min" in timer.read_text()


def _units_are_systemds(directory: Path) -> None:
    units = [str(path) for path in sorted(directory.iterdir())]
    assert len(units) == 3
    if analyze := shutil.which("systemd-analyze"):
        done = subprocess.run([analyze, "verify", *units], capture_output=True, text=True, check=False, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")
