"""The alerts of a Flux fleet fire when they should, by the metric of whoever tells the state of Flux's objects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import promtool
import pytest
import yaml

from scaffold.cli import main

_CASES = (Path(__file__).parent / "fixtures" / "flux" / "alerts.yaml").read_text()
_METRICS = {"operator": ("flux_resource_info", "kind"), "bootstrap": ("gotk_resource_info", "customresource_kind")}


@pytest.fixture(scope="module", params=sorted(_METRICS))
def install(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def groups(install: str, _own_git: None, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The groups of rules of a fleet that is installed in this way."""
    path = tmp_path_factory.mktemp("alerts") / "fleet"
    data = ("--data", "engine=flux", "--data", "monitoring=true", "--data", f"flux_install={install}")
    assert main(["new", str(path), "--defaults", *data]) == 0
    rule = yaml.safe_load((path / "platform/configs/base/alerts.yaml").read_text())
    found: list[dict[str, Any]] = rule["spec"]["groups"]
    return found


def _cases(install: str) -> list[dict[str, Any]]:
    metric, kind = _METRICS[install]
    cases: list[dict[str, Any]] = yaml.safe_load(_CASES.replace("OBJECT{KIND", f"{metric}{{{kind}"))
    return cases


def test_every_alert_is_proved_to_fire_and_to_stay_quiet(install: str, groups: list[dict[str, Any]]) -> None:
    alerts = {rule["alert"] for group in groups for rule in group["rules"]}
    assert promtool.fires(_cases(install)) == {alert: {True, False} for alert in alerts}


def test_alerts_fire_when_they_should(install: str, groups: list[dict[str, Any]], tmp_path: Path) -> None:
    promtool.judge(tmp_path, groups, _cases(install))
