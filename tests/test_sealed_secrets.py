"""Alerts about the controller of Sealed Secrets do what they say, whichever engine is beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dashboards
import promtool
import pytest
import yaml

from scaffold.cli import main

_FIXTURES = Path(__file__).parent / "fixtures" / "sealed-secrets"
_ALERTS = yaml.safe_load((_FIXTURES / "alerts.yaml").read_text())
_METRICS = yaml.safe_load((_FIXTURES / "metrics.yaml").read_text())
_MANIFESTS = {
    "argocd": ["platform/monitoring/base/sealed-secrets.yaml"],
    "flux": ["platform/configs/base/alerts.yaml", "platform/configs/base/monitors.yaml"],
}


@pytest.fixture(scope="module", params=sorted(_MANIFESTS))
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def fleet(engine: str, _own_git: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fleet whose secrets are sealed."""
    path = tmp_path_factory.mktemp("sealed") / "fleet"
    answers = (f"engine={engine}", "monitoring=true", "secrets=sealed-secrets", "clusters=eu-1")
    assert main(["new", str(path), "--defaults", *(part for answer in answers for part in ("--data", answer))]) == 0
    return path


@pytest.fixture(scope="module")
def objects(fleet: Path, engine: str) -> list[dict[str, Any]]:
    files = [fleet / name for name in _MANIFESTS[engine]]
    return [item for file in files for item in yaml.safe_load_all(file.read_text())]


@pytest.fixture(scope="module")
def group(objects: list[dict[str, Any]]) -> dict[str, Any]:
    """The alerts about the controller."""
    groups = [group for item in objects if item["kind"] == "PrometheusRule" for group in item["spec"]["groups"]]
    (found,) = (group for group in groups if group["name"] == "sealed-secrets")
    return dict(found)


def test_every_alert_has_a_page_that_another_leads_to(fleet: Path, group: dict[str, Any]) -> None:
    pages = {path.stem for path in (fleet / "docs/runbooks").glob("Sealed*.md")}
    assert {rule["alert"] for rule in group["rules"]} == pages
    for rule in group["rules"]:
        page = f"docs/runbooks/{rule['alert']}.md"
        assert rule["annotations"]["runbook_url"] == f"https://git.example.com/platform/fleet/blob/main/{page}"
        assert f"]({page.removeprefix('docs/')})" in (fleet / "docs/sealed-secrets.md").read_text()


def test_alerts_fire_when_they_should_and_stay_quiet_otherwise(group: dict[str, Any], tmp_path: Path) -> None:
    assert promtool.fires(_ALERTS) == {rule["alert"]: {True, False} for rule in group["rules"]}
    promtool.judge(tmp_path, [group], _ALERTS)


def test_alerts_ask_for_metrics_and_labels_that_there_are(group: dict[str, Any]) -> None:
    asked = [rule["expr"] for rule in group["rules"]]
    dashboards.ask_for_what_there_is(asked, _METRICS, "sealed_secrets_[a-z0-9_]+|up")


def test_prometheus_looks_in_the_namespace_of_the_controller(objects: list[dict[str, Any]]) -> None:
    (monitor,) = (
        item for item in objects if item["metadata"]["name"] == "sealed-secrets" and "endpoints" in item["spec"]
    )
    looked = monitor["spec"].get("namespaceSelector", {}).get("matchNames", [monitor["metadata"].get("namespace")])
    assert looked == ["sealed-secrets"]
