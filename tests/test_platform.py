"""What an Argo CD fleet writes for its control plane: alerts, dashboards and messages do what they say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dashboards
import promtool
import pytest
import yaml
from running import Command

from scaffold.cli import main
from scaffold.expand import go_templates

FIXTURES = Path(__file__).parent / "fixtures" / "argocd"
ALERTS = yaml.safe_load((FIXTURES / "alerts.yaml").read_text())
METRICS = yaml.safe_load((FIXTURES / "metrics.yaml").read_text())
PANELS = yaml.safe_load((FIXTURES / "panels.yaml").read_text())


@pytest.fixture(scope="module")
def fleet(_own_git: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fleet with every part of the control plane."""
    path = tmp_path_factory.mktemp("platform") / "fleet"
    answers = Path(__file__).parent / "answers" / "fleet-with-everything.yml"
    data = ("environments=[dev, staging, production]",)
    assert main(["new", str(path), "--defaults", "--answers", str(answers), "--data", *data]) == 0
    return path


@pytest.fixture(scope="module")
def rules(fleet: Path) -> list[dict[str, Any]]:
    return [rule for group in _groups(fleet) for rule in group["rules"]]


def _groups(fleet: Path) -> list[dict[str, Any]]:
    manifest = yaml.safe_load((fleet / "platform/monitoring/base/rules.yaml").read_text())
    groups: list[dict[str, Any]] = manifest["spec"]["groups"]
    return groups


def _dashboards(fleet: Path) -> list[dict[str, Any]]:
    return dashboards.read(fleet / "platform/monitoring/base/dashboards")


def test_every_alert_has_a_page_and_every_page_an_alert(fleet: Path, rules: list[dict[str, Any]]) -> None:
    pages = {path.stem for path in (fleet / "docs/runbooks").glob("*.md")}
    assert {rule["alert"] for rule in rules} == pages
    for rule in rules:
        address = rule["annotations"]["runbook_url"]
        assert address == f"https://git.example.com/platform/fleet/blob/main/docs/runbooks/{rule['alert']}.md"
        assert {"summary", "description"} < rule["annotations"].keys()
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}


def test_every_alert_is_proved_to_fire_and_to_stay_quiet(rules: list[dict[str, Any]]) -> None:
    assert promtool.fires(ALERTS) == {rule["alert"]: {True, False} for rule in rules}


def test_alerts_fire_when_they_should_and_stay_quiet_otherwise(fleet: Path, tmp_path: Path) -> None:
    promtool.judge(tmp_path, _groups(fleet), ALERTS)


def test_queries_ask_for_metrics_and_labels_that_there_are(fleet: Path, rules: list[dict[str, Any]]) -> None:
    asked = [rule["expr"] for rule in rules] + [query.text for query in dashboards.queries(_dashboards(fleet))]
    assert len(asked) > 40
    dashboards.ask_for_what_there_is(asked, METRICS, "argocd_[a-z0-9_]+|up")


def test_dashboards_are_of_one_kind(fleet: Path) -> None:
    dashboards.are_of_one_kind(_dashboards(fleet))


def test_panels_show_what_their_titles_say(fleet: Path, tmp_path: Path) -> None:
    asked = list(dashboards.queries(_dashboards(fleet)))
    dashboards.show_what_is_told(tmp_path, asked, PANELS, project="checkout-.+")


def test_a_job_that_is_asked_for_is_one_that_is_set(fleet: Path, rules: list[dict[str, Any]]) -> None:
    monitors = list(yaml.safe_load_all((fleet / "platform/monitoring/base/service-monitors.yaml").read_text()))
    jobs = {monitor["spec"]["endpoints"][0]["relabelings"][0]["replacement"] for monitor in monitors}
    asked = {job for rule in rules for job in re.findall(r'job="([^"]+)"', rule["expr"])}
    assert jobs == asked == {monitor["metadata"]["name"] for monitor in monitors}


_MESSAGE = 'Deployment "web" is invalid:\n\tspec.selector: field is immutable\\'
_APPLICATION = {
    "metadata": {"name": "checkout-web-dev"},
    "spec": {"project": "checkout-dev"},
    "status": {
        "sync": {"status": "OutOfSync"},
        "health": {"status": "Degraded", "message": _MESSAGE},
        "operationState": {"message": _MESSAGE, "phase": "Failed", "syncResult": {"revision": "0123456789abcdef"}},
        "conditions": [{"type": "ComparisonError", "message": _MESSAGE}, {"type": "SyncError", "message": _MESSAGE}],
        "summary": {"images": ["registry.example.com/checkout/web:1.0.0"]},
    },
}
_BARE = {**_APPLICATION, "status": {"sync": {"status": "Unknown"}, "health": {}, "operationState": {}}}


@pytest.mark.parametrize("application", [_APPLICATION, _BARE], ids=["with-everything", "bare"])
def test_messages_to_slack_are_json_whatever_they_report(fleet: Path, application: dict[str, Any]) -> None:
    data = _notifications(fleet)
    known = {"app": application, "context": yaml.safe_load(data["context"]), "serviceType": "slack"}
    for name, template in _named(data, "template"):
        told = yaml.safe_load(template)
        message = go_templates.render(told["message"], known)
        assert message.startswith("checkout-web-dev "), name
        assert "<no value>" not in message, name
        (attachment,) = json.loads(go_templates.render(told["slack"]["attachments"], known))
        assert attachment["title"] == "checkout-web-dev"
        assert attachment["title_link"].startswith("https://argocd.example.com/applications/checkout-web-dev")
        assert "<no value>" not in json.dumps(attachment), name
        assert _MESSAGE in attachment.get("text", _MESSAGE) or application is _BARE, name


def test_every_trigger_sends_a_template_once_for_a_commit(fleet: Path) -> None:
    data = _notifications(fleet)
    templates = {name for name, _ in _named(data, "template")}
    triggers = {name: yaml.safe_load(text) for name, text in _named(data, "trigger")}
    assert {template for steps in triggers.values() for step in steps for template in step["send"]} == templates
    assert all("oncePer" in step for steps in triggers.values() for step in steps)
    for subscription in yaml.safe_load(data["subscriptions"]):
        assert set(subscription["triggers"]) <= triggers.keys()
        assert subscription["selector"] == "!platform.example.com/app"


def _notifications(fleet: Path) -> dict[str, str]:
    manifest = yaml.safe_load((fleet / "platform/notifications/base/notifications.yaml").read_text())
    data: dict[str, str] = manifest["data"]
    return data


def _named(data: dict[str, str], kind: str) -> Iterator[tuple[str, str]]:
    for key, text in data.items():
        if key.startswith(f"{kind}."):
            yield key.removeprefix(f"{kind}."), text


def test_a_team_subscribes_to_triggers_that_there_are(fleet: Path) -> None:
    assert main(["add", "team", "checkout", "--repository", str(fleet)]) == 0
    triggers = {name for name, _ in _named(_notifications(fleet), "trigger")}
    for path in fleet.glob("teams/checkout/control-plane/*/appproject.yaml"):
        annotations = yaml.safe_load(path.read_text())["metadata"]["annotations"]
        prefix = "notifications.argoproj.io/subscribe."
        asked = {key.removeprefix(prefix).removesuffix(".slack") for key in annotations if key.startswith(prefix)}
        assert asked == triggers - (set() if path.parent.name == "production" else {"on-deployed"})


def test_either_a_team_or_the_platform_is_told_of_an_application(fleet: Path) -> None:
    paths = (*fleet.glob("control-plane/*/*.yaml"), *fleet.glob("teams/*/control-plane/*/*.yaml"))
    found = [item for path in paths for item in yaml.safe_load_all(path.read_text())]
    projects = [item["metadata"] for item in found if item["kind"] == "AppProject"]
    subscribed = {item["name"] for item in projects if ".slack" in str(item.get("annotations"))}
    made = [item["spec"].get("template", item) for item in found if item["kind"].startswith("Application")]
    assert len(made) > 10
    for item in made:
        a_teams = "platform.example.com/app" in item["metadata"].get("labels", {})
        assert a_teams == (item["spec"]["project"] in subscribed), item["metadata"]["name"]


def test_errors_of_the_image_updater_are_told(tmp_path: Path, command: Command) -> None:
    fleet = tmp_path / "fleet"
    answers = ("image_updates=argocd-image-updater", "argocd_install=chart", "monitoring=true")
    assert main(["new", str(fleet), "--defaults", *(part for one in answers for part in ("--data", one))]) == 0
    manifest = fleet / "platform/monitoring/base/image-updater.yaml"
    service, monitor, rule = yaml.safe_load_all(manifest.read_text())
    assert monitor["spec"]["selector"]["matchLabels"] == service["metadata"]["labels"]
    cases = yaml.safe_load((FIXTURES.parent / "image-updater" / "alerts.yaml").read_text())
    promtool.judge(tmp_path, rule["spec"]["groups"], cases)
    assert "ImageUpdaterErrors.md" in (fleet / "docs/image-updates.md").read_text()
    assert command("validate", fleet).code == 0


def test_only_what_is_answered_is_written(tmp_path: Path) -> None:
    assert main(["new", str(tmp_path / "fleet"), "--defaults"]) == 0
    assert not (tmp_path / "fleet/platform").exists()
    assert not (tmp_path / "fleet/control-plane/hub/platform.yaml").exists()
    assert {path.name for path in (tmp_path / "fleet/docs").iterdir()} == {
        "break-glass.md",
        "disaster-recovery.md",
        "onboarding.md",
        "promotion.md",
        "rollback.md",
    }
