"""What is generated for hosts that pull their configuration; `engines/test_ansible_pull.py` lets one pull."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from scaffold.cli import main

PROGRAMS = Path(sys.executable).parent


@pytest.fixture(scope="module")
def written(_own_git: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hosts") / "fleet"
    data = ("ansible_pull=true", "monitoring=true", "environments=[dev, production]")
    assert main(["new", str(path), "--defaults", *(part for one in data for part in ("--data", one))]) == 0
    return path


def test_ansible_lint_has_nothing_to_say(written: Path) -> None:
    command = [str(PROGRAMS / "ansible-lint"), "--profile", "production", "--offline", "--nocolor", "-q", "hosts"]
    environment = {**os.environ, "PATH": f"{PROGRAMS}:{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=written, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_alerts_have_a_section_each(written: Path) -> None:
    manifest = yaml.safe_load((written / "platform/monitoring/base/hosts.yaml").read_text())
    rules = manifest["spec"]["groups"][0]["rules"]
    page = (written / "hosts/README.md").read_text()
    for rule in rules:
        address = "https://git.example.com/platform/fleet/blob/main/hosts/README.md"
        assert rule["annotations"]["runbook_url"] == f"{address}#{rule['alert'].lower()}"
        assert f"\n### {rule['alert']}\n" in page
    assert {rule["alert"] for rule in rules} == set(re.findall(r"^### (\w+)$", page, re.MULTILINE))


_FIGURES = {
    "AnsiblePullFailing": ('ansible_pull_failed{instance="a", mode="apply"}', "0x40 1x40", {"40m": 0, "75m": 1}),
    "AnsiblePullStale": (
        'ansible_pull_last_success_timestamp_seconds{instance="a", mode="apply"}',
        "0x200",
        {"60m": 0, "70m": 1},
    ),
    "AnsiblePullDrift": ('ansible_pull_changed_tasks{instance="a", mode="drift"}', "3x200", {"110m": 0, "125m": 1}),
}


def test_alerts_fire_and_stay_quiet(written: Path, tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    if not promtool:
        pytest.skip("promtool is not there; Debian has it in the package prometheus")
    manifest = yaml.safe_load((written / "platform/monitoring/base/hosts.yaml").read_text())
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump(manifest["spec"]))
    cases = [
        {
            "interval": "1m",
            "input_series": [{"series": series, "values": values}],
            "promql_expr_test": [
                {
                    "expr": f'count(ALERTS{{alertname="{name}", alertstate="firing"}}) or vector(0)',
                    "eval_time": time,
                    "exp_samples": [{"labels": "{}", "value": value}],
                }
                for time, value in fires.items()
            ],
        }
        for name, (series, values, fires) in _FIGURES.items()
    ]
    tests = {"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": cases}
    (tmp_path / "tests.yaml").write_text(yaml.safe_dump(tests))
    command = [promtool, "test", "rules", "tests.yaml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
