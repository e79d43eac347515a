"""What the template writes for the control plane, put to Argo CD's own commands: rights, messages and health.

None of it takes a cluster: `argocd admin` reads files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from engines.admin import Admin
from engines.fleets import generate, grow

_ANSWERS = Path(__file__).parent.parent / "answers" / "fleet-with-everything.yml"
_ADMIN, _TEAM, _RELEASERS, _STRANGER = (
    "example-org:platform",
    "example-org:checkout",
    "example-org:checkout-releasers",
    "example-org:catalog",
)
_DEV, _PRODUCTION = "checkout-dev/checkout-payments-dev", "checkout-production/checkout-payments-production"
# Who, may do what, with what, by the roles of which project.
_RIGHTS = [
    (_ADMIN, "get", "applications", _PRODUCTION, True),
    (_ADMIN, "sync", "applications", _PRODUCTION, True),
    (_ADMIN, "delete", "applications", _PRODUCTION, True),
    (_ADMIN, "action/apps/Deployment/restart", "applications", _PRODUCTION, True),
    (_ADMIN, "get", "logs", _PRODUCTION, True),
    (_ADMIN, "create", "clusters", "https://eu-1.example.com:6443", True),
    (_ADMIN, "override", "applications", _PRODUCTION, False),
    (_ADMIN, "update", "applications", _PRODUCTION, False),
    (_ADMIN, "create", "applications", _PRODUCTION, False),
    (_ADMIN, "create", "exec", _PRODUCTION, False),
    (_ADMIN, "create", "projects", "checkout-dev", False),
    (_ADMIN, "update", "accounts", "admin", False),
    (_TEAM, "get", "applications", _DEV, True),
    (_TEAM, "get", "logs", _DEV, True),
    (_TEAM, "sync", "applications", _DEV, True),
    (_TEAM, "action/apps/Deployment/restart", "applications", _DEV, True),
    (_TEAM, "override", "applications", _DEV, False),
    (_TEAM, "delete", "applications", _DEV, False),
    (_TEAM, "delete/*/Pod/*/*", "applications", _DEV, False),
    (_TEAM, "create", "exec", _DEV, False),
    (_TEAM, "get", "applications", _PRODUCTION, True),
    (_TEAM, "get", "logs", _PRODUCTION, True),
    (_TEAM, "sync", "applications", _PRODUCTION, False),
    (_TEAM, "action/apps/Deployment/restart", "applications", _PRODUCTION, False),
    (_TEAM, "get", "clusters", "https://kubernetes.default.svc", False),
    (_RELEASERS, "sync", "applications", _PRODUCTION, True),
    (_RELEASERS, "get", "applications", _PRODUCTION, True),
    (_RELEASERS, "override", "applications", _PRODUCTION, False),
    (_RELEASERS, "delete", "applications", _PRODUCTION, False),
    (_RELEASERS, "sync", "applications", _DEV, False),
    (_STRANGER, "get", "applications", _DEV, False),
    (_STRANGER, "sync", "applications", _PRODUCTION, False),
    (_STRANGER, "get", "projects", "checkout-dev", False),
]


@pytest.fixture(scope="module")
def fleet(_programs: None, _own_git: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fleet with every part of its control plane, and a team."""
    tree = tmp_path_factory.mktemp("platform") / "fleet"
    told = yaml.safe_load(_ANSWERS.read_text()) | {"environments": ["dev", "staging", "production"]}
    generate(tree, *(f"{key}={_data(value)}" for key, value in told.items() if key != "kind"))
    grow(tree, "team", "checkout")
    return tree


def _data(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@pytest.fixture(scope="module")
def admin(_programs: None, tmp_path_factory: pytest.TempPathFactory) -> Admin:
    return Admin(tmp_path_factory.mktemp("admin"))


@pytest.fixture(scope="module")
def settings(fleet: Path) -> dict[str, Any]:
    """What the chart is told to put into Argo CD's own config maps."""
    values = yaml.safe_load((fleet / "platform/argocd/base/values.yaml").read_text())
    configs: dict[str, Any] = values["argo-cd"]["configs"]
    return configs


@pytest.mark.parametrize(("group", "action", "resource", "on", "may"), _RIGHTS)
def test_a_group_may_what_it_should_and_no_more(
    admin: Admin, fleet: Path, settings: dict[str, Any], group: str, action: str, resource: str, on: str, *, may: bool
) -> None:
    lines = [settings["rbac"]["policy.csv"].rstrip(), *_roles(fleet, on.partition("/")[0])]
    data = {**settings["rbac"], "policy.csv": "\n".join(lines)}
    policy = admin.write("policy.json", _config_map("argocd-rbac-cm", data))
    said = admin.run("settings", "rbac", "can", group, action, resource, on, "--policy-file", policy)
    assert said.strip() == ("Yes" if may else "No")


def _roles(fleet: Path, project: str) -> Iterator[str]:
    """The lines that Argo CD adds for the roles of a project (3.5.7, ProjectPoliciesString)."""
    for path in fleet.glob("teams/*/control-plane/*/appproject.yaml"):
        manifest = yaml.safe_load(path.read_text())
        if manifest["metadata"]["name"] != project:
            continue
        for role in manifest["spec"]["roles"]:
            subject = f"proj:{project}:{role['name']}"
            yield f"p, {subject}, projects, get, {project}, allow"
            yield from role["policies"]
            yield from (f"g, {group}, {subject}" for group in role["groups"])


def _config_map(name: str, data: Mapping[str, Any]) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "argocd", "labels": {"app.kubernetes.io/part-of": "argocd"}}
    text = {key: json.dumps(value) if isinstance(value, bool | int) else value for key, value in data.items()}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": text}


def test_the_policy_is_valid(admin: Admin, settings: dict[str, Any]) -> None:
    policy = admin.write("policy.json", _config_map("argocd-rbac-cm", settings["rbac"]))
    assert admin.run("settings", "rbac", "validate", "--policy-file", policy).strip() == "Policy is valid."


def _application(**status: Any) -> dict[str, Any]:
    metadata = {"name": "checkout-web-dev", "namespace": "argocd"}
    kind = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application"}
    return {**kind, "metadata": metadata, "spec": {"project": "checkout-dev"}, "status": status}


_FAILED = {"phase": "Failed", "message": 'field "a" is immutable\n\\', "syncResult": {"revision": "0123456789abcdef"}}
_APPLICATION = _application(
    sync={"status": "Unknown"},
    health={"status": "Degraded"},
    operationState=_FAILED,
    conditions=[{"type": "ComparisonError", "message": 'no "b"'}],
    summary={"images": ["registry.example.com/web:1.0.0"]},
)
_RUNS = _application(
    sync={"status": "Synced"}, health={"status": "Healthy"}, operationState={**_FAILED, "phase": "Succeeded"}
)


@pytest.mark.parametrize("name", ["sync-failed", "health-degraded", "sync-status-unknown", "deployed"])
def test_a_message_is_what_slack_takes(admin: Admin, fleet: Path, name: str) -> None:
    application = admin.write("application.json", _APPLICATION)
    told = yaml.safe_load(admin.run("notifications", "template", "notify", name, application, *_files(fleet)))
    (attachment,) = json.loads(told["slack"]["attachments"])
    assert attachment["title"] == "checkout-web-dev"
    assert "<no value>" not in str(told)


@pytest.mark.parametrize(
    ("trigger", "application", "expected"),
    [
        ("on-sync-failed", _APPLICATION, True),
        ("on-sync-failed", _RUNS, False),
        ("on-health-degraded", _APPLICATION, True),
        ("on-health-degraded", _RUNS, False),
        ("on-sync-status-unknown", _APPLICATION, True),
        ("on-sync-status-unknown", _RUNS, False),
        ("on-deployed", _APPLICATION, False),
        ("on-deployed", _RUNS, True),
        ("on-deployed", _application(sync={"status": "Synced"}, health={"status": "Healthy"}), False),
    ],
)
def test_a_trigger_knows_its_moment(
    admin: Admin, fleet: Path, trigger: str, application: dict[str, Any], *, expected: bool
) -> None:
    path = admin.write("application.json", application)
    said = admin.run("notifications", "trigger", "run", trigger, path, *_files(fleet))
    assert said.split()[-1] == str(expected).lower(), said


def _files(fleet: Path) -> tuple[str | Path, ...]:
    return "--config-map", fleet / "platform/notifications/base/notifications.yaml", "--secret", ":empty"


def test_settings_are_valid(admin: Admin, settings: dict[str, Any]) -> None:
    path = admin.write(
        "settings.json", _config_map("argocd-cm", {"url": "https://argocd.example.com", **settings["cm"]})
    )
    secret = {"name": "argocd-secret", "namespace": "argocd", "labels": {"app.kubernetes.io/part-of": "argocd"}}
    given = admin.write("secret.json", {"apiVersion": "v1", "kind": "Secret", "metadata": secret})
    said = admin.run("settings", "validate", "--argocd-cm-path", path, "--argocd-secret-path", given)
    assert "invalid" not in said.lower(), said
    assert "resource-overrides" in said.lower(), said


@pytest.mark.parametrize(("status", "expected"), [({"health": {"status": "Healthy"}}, "Healthy"), ({}, "Progressing")])
def test_an_application_is_as_healthy_as_it_says(
    admin: Admin, settings: dict[str, Any], status: dict[str, Any], expected: str
) -> None:
    path = admin.write("settings.json", _config_map("argocd-cm", settings["cm"]))
    application = admin.write("application.json", _application(**status))
    said = admin.run("settings", "resource-overrides", "health", application, "--argocd-cm-path", path)
    assert f"STATUS: {expected}" in said, said
