"""`inventory`: the contract of its JSON, and the tables for people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from running import Command


def _inventory(command: Command, repository: Path) -> dict[str, Any]:
    result = command("inventory", repository, "--format", "json")
    assert result.code == 0
    found = json.loads(result.out)
    assert isinstance(found, dict)
    return found


def test_json_says_what_the_fleet_declares(command: Command, fleet: Path) -> None:
    found = _inventory(command, fleet)
    assert list(found) == ["version", "environments", "clusters", "teams", "applications"]
    assert found["version"] == 1
    assert [(e["name"], e["stage"], e["cluster"], e["gate"]) for e in found["environments"]] == [
        ("dev", 0, "hub", "auto"),
        ("staging", 1, "hub", "auto"),
        ("production", 2, "hub", "manual"),
    ]
    assert found["clusters"] == [{"name": "hub", "server": "https://kubernetes.default.svc", "kubernetes": "1.37"}]
    assert found["teams"] == [{"name": "checkout", "environments": ["dev", "staging", "production"]}]


def test_json_says_what_the_engine_will_create(command: Command, fleet: Path) -> None:
    applications = {item["name"]: item for item in _inventory(command, fleet)["applications"]}
    assert list(applications) == sorted(applications)
    assert set(applications) == {
        "root",
        *(f"team-checkout-{name}" for name in ("dev", "staging", "production")),
        *(f"checkout-{name}-baseline" for name in ("dev", "staging", "production")),
        *(f"checkout-payments-{name}" for name in ("dev", "staging", "production")),
    }
    found = applications["checkout-payments-production"]
    assert set(found.pop("labels")) >= {"platform.example.com/team", "platform.example.com/environment"}
    generator = fleet / found["from"]["path"]
    assert "goTemplate: true" in generator.read_text()
    assert "template:" in generator.read_text().splitlines()[found.pop("from")["line"] - 1]
    assert isinstance(found.pop("annotations"), dict)
    assert found == {
        "name": "checkout-payments-production",
        "namespace": "argocd",
        "project": "checkout-production",
        "team": "checkout",
        "environment": "production",
        "sources": [
            {
                "repoURL": "https://git.example.com/platform/fleet.git",
                "path": "apps/checkout/payments/overlays/production",
                "targetRevision": "main",
            }
        ],
        "destination": {"name": "in-cluster", "namespace": "checkout-production"},
        "sync": "manual",
        "images": ["registry.example.com/checkout/payments:1.0.0"],
    }
    assert applications["checkout-payments-dev"]["sync"] == "auto"


def test_team_without_an_application_is_listed(command: Command, fleet: Path) -> None:
    assert command("add", "team", "basket", "-e", "dev", "--repository", fleet).code == 0
    assert _inventory(command, fleet)["teams"][0] == {"name": "basket", "environments": ["dev"]}


def test_foreign_repository(command: Command, tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web, namespace: argocd}\n"
        "spec:\n  project: default\n  destination: {server: https://kubernetes.default.svc, namespace: web}\n"
        "  source: {repoURL: https://charts.example.com, chart: web, targetRevision: 1.2.3}\n"
    )
    found = _inventory(command, tmp_path)
    assert (found["environments"], found["clusters"], found["teams"]) == ([], [], [])
    assert found["applications"] == [
        {
            "name": "web",
            "namespace": "argocd",
            "project": "default",
            "team": "",
            "environment": "",
            "sources": [{"repoURL": "https://charts.example.com", "chart": "web", "targetRevision": "1.2.3"}],
            "destination": {"server": "https://kubernetes.default.svc", "namespace": "web"},
            "sync": "manual",
            "images": [],
            "labels": {},
            "annotations": {},
            "from": {"path": "app.yaml", "line": 1},
        }
    ]


_SYNC = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: NAME, namespace: flux-system}
spec:
  {interval: 10m, path: ./web, prune: true, targetNamespace: NAME, sourceRef: {kind: GitRepository, name: fleet}}
---
"""
_POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: web, image: "registry.example.com/web:1.2.3"}]}
"""


def test_a_directory_that_flux_builds_twice_has_its_images_twice(command: Command, tmp_path: Path) -> None:
    (tmp_path / "sync.yaml").write_text(_SYNC.replace("NAME", "blue") + _SYNC.replace("NAME", "green"))
    (tmp_path / "web").mkdir()
    (tmp_path / "web/pod.yaml").write_text(_POD)
    found = {item["name"]: item["images"] for item in _inventory(command, tmp_path)["applications"]}
    assert found == {name: ["registry.example.com/web:1.2.3"] for name in ("blue", "green")}


def test_table(command: Command, fleet: Path) -> None:
    result = command("inventory", fleet)
    lines = result.out.splitlines()
    assert result.code == 0
    assert [line for line in lines if line.isupper()] == ["ENVIRONMENTS", "CLUSTERS", "TEAMS", "APPLICATIONS"]
    assert "production  2      hub      manual" in lines
    assert not any(line != line.rstrip() for line in lines)


def test_nothing_there(command: Command, tmp_path: Path) -> None:
    result = command("inventory", tmp_path)
    assert (result.code, result.out) == (3, "")
