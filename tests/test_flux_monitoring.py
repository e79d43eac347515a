"""Alerts and dashboards of a Flux fleet do what they say, by the metric of whoever tells the state of objects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dashboards
import promtool
import pytest
import yaml

from scaffold.cli import main

_FIXTURES = Path(__file__).parent / "fixtures" / "flux"
_METRICS = {"operator": ("flux_resource_info", "kind"), "bootstrap": ("gotk_resource_info", "customresource_kind")}


@pytest.fixture(scope="module", params=sorted(_METRICS))
def install(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def fleet(install: str, _own_git: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fleet that is installed in this way."""
    path = tmp_path_factory.mktemp("monitoring") / "fleet"
    answers = ("engine=flux", "monitoring=true", f"flux_install={install}")
    assert main(["new", str(path), "--defaults", *(part for answer in answers for part in ("--data", answer))]) == 0
    return path


@pytest.fixture(scope="module")
def groups(fleet: Path) -> list[dict[str, Any]]:
    rule = yaml.safe_load((fleet / "platform/configs/base/alerts.yaml").read_text())
    found: list[dict[str, Any]] = rule["spec"]["groups"]
    return found


def _told(name: str, install: str) -> Any:
    """A fixture, for the metric that is there with this way of installing."""
    metric, kind = _METRICS[install]
    return yaml.safe_load((_FIXTURES / name).read_text().replace("OBJECT", metric).replace("KIND", kind))


def _dashboards(fleet: Path) -> list[dict[str, Any]]:
    return dashboards.read(fleet / "platform/configs/base/dashboards")


def test_every_alert_has_a_page_that_the_map_names_and_every_page_an_alert(
    fleet: Path, groups: list[dict[str, Any]]
) -> None:
    rules = [rule for group in groups for rule in group["rules"]]
    assert {rule["alert"] for rule in rules} == {path.stem for path in (fleet / "docs/runbooks").glob("*.md")}
    for rule in rules:
        page = f"docs/runbooks/{rule['alert']}.md"
        assert rule["annotations"]["runbook_url"] == f"https://git.example.com/platform/fleet/blob/main/{page}"
        assert f"]({page})" in (fleet / "README.md").read_text()


def test_every_alert_is_proved_to_fire_and_to_stay_quiet(install: str, groups: list[dict[str, Any]]) -> None:
    alerts = {rule["alert"] for group in groups for rule in group["rules"]}
    assert promtool.fires(_told("alerts.yaml", install)) == {alert: {True, False} for alert in alerts}


def test_alerts_fire_when_they_should(install: str, groups: list[dict[str, Any]], tmp_path: Path) -> None:
    promtool.judge(tmp_path, groups, _told("alerts.yaml", install))


def test_queries_ask_for_metrics_and_labels_that_there_are(
    install: str, fleet: Path, groups: list[dict[str, Any]]
) -> None:
    asked = [rule["expr"] for group in groups for rule in group["rules"]]
    asked += [query.text for query in dashboards.queries(_dashboards(fleet))]
    names = "(?:flux|gotk|controller_runtime|workqueue|process)_[a-z0-9_]+|up"
    dashboards.ask_for_what_there_is(asked, _told("metrics.yaml", install), names)


def test_state_metrics_have_every_label_that_is_told(fleet: Path, install: str) -> None:
    if install == "operator":
        return
    documents = list(yaml.safe_load_all((fleet / "platform/controllers/base/kube-state-metrics.yaml").read_text()))
    for resource in documents[-1]["spec"]["values"]["customResourceState"]["config"]["spec"]["resources"]:
        (metric,) = resource["metrics"]
        told = {*metric["labelsFromPath"], *metric["each"]["info"]["labelsFromPath"], "customresource_kind"}
        assert told == set(_told("metrics.yaml", install)[f"{resource['metricNamePrefix']}_{metric['name']}"])


def test_dashboards_are_of_one_kind(fleet: Path) -> None:
    dashboards.are_of_one_kind(_dashboards(fleet))


def test_panels_show_what_their_titles_say(install: str, fleet: Path, tmp_path: Path) -> None:
    asked = list(dashboards.queries(_dashboards(fleet)))
    dashboards.show_what_is_told(tmp_path, asked, _told("panels.yaml", install), namespace="checkout-.+")
