"""A fleet for Flux: it grows as one for Argo CD does, and validates at every size."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import plain
import pytest
import yaml
from running import Command, commit, files, status

from scaffold import answers, git
from scaffold.cli import main

_APPLICATIONS = ("apps/checkout/payments", "apps/checkout/search")
_GROWN = "engine=flux webhook=github image_updates=flux signing_keys=0123456789ABCDEF"
_EVERYTHING = (
    "flux_install=bootstrap secrets=external-secrets monitoring=true git_secret=git image_updates=ci webhook=github",
    "monitoring=true ansible_pull=true terraform=atlantis ci=gitlab notifications=slack webhook=gitlab",
)


def _data(answers: str) -> list[str]:
    return [part for answer in answers.split() for part in ("--data", answer)]


@pytest.fixture(scope="module")
def grown(_own_git: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two clusters, four environments, a team with two applications."""
    path = tmp_path_factory.mktemp("flux") / "fleet"
    where = ("--repository", str(path))
    for arguments in (
        (
            "new",
            str(path),
            "--defaults",
            *_data(_GROWN),
        ),
        ("add", "cluster", "eu-1", *where),
        ("add", "environment", "canary", "--cluster", "eu-1", "--after", "staging", *where),
        ("add", "team", "checkout", *where),
        ("add", "app", "payments", "--team", "checkout", *where),
        ("add", "app", "search", "--team", "checkout", "-e", "dev", "-e", "production", "-d", "source=chart", *where),
    ):
        assert main(arguments) == 0
        if status(path):  # `new` commits by itself
            commit(path)
    return path


def test_a_grown_fleet_has_no_finding(command: Command, grown: Path) -> None:
    result = command("validate", grown, "--format", "json", "--no-cache")
    report = json.loads(result.out)
    assert (result.code, report["findings"], report["summary"]["skipped"]) == (0, [], [])


@pytest.mark.parametrize("more", _EVERYTHING)
def test_an_empty_fleet_with_every_part_has_no_finding(command: Command, tmp_path: Path, more: str) -> None:
    assert command("new", tmp_path / "fleet", "--defaults", *_data(f"engine=flux {more}")).code == 0
    result = command("validate", tmp_path / "fleet", "--no-cache")
    assert result.code == 0, result.out


def test_a_cluster_applies_the_environments_that_it_hosts(grown: Path) -> None:
    hosted = {path.parent.name: path.stem for path in grown.glob("clusters/*/teams-*.yaml") if "eu" in str(path)}
    assert hosted == {"eu-1": "teams-canary"}
    assert sorted(path.name for path in (grown / "platform/controllers/overlays").iterdir()) == ["eu-1", "hub"]


def test_a_push_wakes_what_its_cluster_follows(grown: Path) -> None:
    for cluster in ("hub", "eu-1"):
        receiver, route = yaml.safe_load_all((grown / f"platform/configs/overlays/{cluster}/receiver.yaml").read_text())
        followed = {"flux-system", *(path.stem for path in grown.glob(f"clusters/{cluster}/teams-*.yaml"))}
        assert {resource["name"] for resource in receiver["spec"]["resources"]} == followed
        assert route["spec"]["hostnames"] == [f"{cluster}.flux.example.com"]
        instance = yaml.safe_load((grown / f"clusters/{cluster}/flux-system/flux-instance.yaml").read_text())
        patches = {patch["target"]["name"]: patch["patch"] for patch in instance["spec"]["kustomize"]["patches"]}
        assert 'metadata.name: "gateway"' in patches["allow-webhooks"]


def test_flux_writes_images_from_where_nobody_else_reads_its_credential(grown: Path) -> None:
    assert sorted(path.name for path in (grown / "teams/checkout/images").iterdir()) == ["dev"]
    assert sorted(path.parent.name for path in grown.glob("apps/checkout/*/images/*/*.yaml")) == ["dev"]
    _, role, _ = yaml.safe_load_all((grown / "teams/checkout/images/dev/reconciler.yaml").read_text())
    assert {kind for rule in role["rules"] for kind in rule["resources"]} == {"imagepolicies", "imagerepositories"}
    automation = list(yaml.safe_load_all((grown / "teams/checkout/images/dev/automation.yaml").read_text()))[-1]
    assert automation["spec"]["git"]["push"] == {"branch": "main"}
    assert automation["spec"]["update"]["path"] == "./apps/checkout"


def test_only_what_is_signed_is_deployed(grown: Path) -> None:
    texts = [path.read_text() for path in grown.rglob("*.yaml") if "kind: GitRepository" in path.read_text()]
    manifests = [manifest for text in texts for manifest in yaml.safe_load_all(text)]
    sources = [item for item in manifests if item["kind"] == "GitRepository" and "url" in item["spec"]]
    assert len(sources) == 4 + 2 * 4 + 2  # of each environment: its teams, its team's two; and the two that write
    verified = {"mode": "HEAD", "secretRef": {"name": "signing-keys"}}
    assert [source["metadata"]["name"] for source in sources if source["spec"]["verify"] != verified] == []
    instance = yaml.safe_load((grown / "clusters/hub/flux-system/flux-instance.yaml").read_text())
    patches = {patch["target"]["name"]: patch["patch"] for patch in instance["spec"]["kustomize"]["patches"]}
    assert yaml.safe_load(patches["flux-system"]) == [{"op": "add", "path": "/spec/verify", "value": verified}]


def test_every_namespace_that_reads_the_repository_has_the_keys(grown: Path) -> None:
    places = ("clusters/hub/signing-keys", "teams/checkout/environments/dev", "teams/checkout/images/dev")
    for place in places:
        kubectl = (Path(sys.executable).parent / "kubectl", "kustomize", grown / place)
        built = yaml.safe_load_all(
            subprocess.run(kubectl, check=True, capture_output=True, text=True, timeout=60).stdout
        )
        secrets = {(item["metadata"]["name"], *item["data"]) for item in built if item["kind"] == "Secret"}
        assert secrets == {("signing-keys", "0123456789ABCDEF.asc")}


def test_a_marker_without_its_policy_is_found(command: Command, grown: Path, tmp_path: Path) -> None:
    fleet = Path(shutil.copytree(grown, tmp_path / "fleet"))
    overlay = fleet / "apps/checkout/payments/overlays/dev/kustomization.yaml"
    overlay.write_text(
        overlay.read_text().replace("checkout-dev-images:payments:tag", "checkout-dev-images:payment:tag")
    )
    result = command("validate", fleet, "--no-cache")
    assert (result.code, "[undefined-image-policy]" in result.out) == (1, True)


def test_an_application_knows_the_gates(grown: Path) -> None:
    recorded = answers.read(grown / "apps/checkout/search").answers["environments"]
    assert recorded == [
        {"name": "dev", "stage": 0, "gate": "auto"},
        {"name": "production", "stage": 3, "gate": "manual"},
    ]


def test_what_is_pinned_is_shown_as_the_pin_has_it(command: Command, grown: Path, tmp_path: Path) -> None:
    fleet = Path(shutil.copytree(grown, tmp_path / "fleet"))
    pin = fleet / "teams/checkout/environments/production/release.yaml"

    def images() -> list[str]:
        known = json.loads(command("inventory", fleet, "--format", "json").out)["applications"]
        (found,) = [item["images"] for item in known if item["name"] == "checkout-payments-production"]
        return list(found)

    assert images() == [], "nothing is released yet"
    head = git.run(fleet, "rev-parse", "HEAD").strip()
    pin.write_text(pin.read_text().replace("suspend: true", f"ref: {{commit: {head}}}"))
    overlay = fleet / "apps/checkout/payments/overlays/production/kustomization.yaml"
    overlay.write_text(overlay.read_text().replace("1.0.0", "1.1.0"))
    assert images() == ["registry.example.com/checkout/payments:1.0.0"]
    pin.write_text(pin.read_text().replace(head, "ab12" * 10))
    result = command("inventory", fleet)
    said = "checkout in production is shown as the files at hand have it: commit ab12"
    assert (result.code, result.err.startswith(said)) == (0, True)


def test_releasers_own_the_pin_and_nothing_else(grown: Path) -> None:
    owners = (grown / "CODEOWNERS").read_text().splitlines()
    assert [line for line in owners if "checkout" in line] == [
        "/apps/checkout/ @example-org/checkout",
        "/teams/checkout/environments/production/release.yaml @example-org/checkout-releasers",
    ]
    page = (grown / "teams/checkout/README.md").read_text()
    assert all(line in page for line in owners if "checkout" in line)


def test_inventory_lists_applications_by_their_long_name(command: Command, grown: Path) -> None:
    found = json.loads(command("inventory", grown, "--format", "json").out)
    applications = {
        item["name"]: item for item in found["applications"] if item["sources"][0]["path"].startswith("apps/")
    }
    assert set(applications) == {
        *(f"checkout-payments-{name}" for name in ("dev", "staging", "canary", "production")),
        *(f"checkout-search-{name}" for name in ("dev", "production")),
    }
    application = applications["checkout-payments-canary"]
    assert application.pop("from")["path"] == "apps/checkout/payments/flux/canary/payments.yaml"
    assert application == {
        "name": "checkout-payments-canary",
        "namespace": "checkout-canary",
        "project": "",
        "team": "checkout",
        "environment": "canary",
        "sources": [
            {
                "repoURL": "https://git.example.com/platform/fleet.git",
                "path": "apps/checkout/payments/overlays/canary",
                "targetRevision": "main",
            }
        ],
        "destination": {"name": "eu-1", "namespace": "checkout-canary"},
        "sync": "auto",
        "images": ["registry.example.com/checkout/payments:1.0.0"],
        "labels": {},
        "annotations": {},
    }
    assert applications["checkout-payments-production"]["sync"] == "manual"


def test_same_files_as_copier_by_hand(grown: Path, tmp_path: Path) -> None:
    for layer in (".", "clusters/hub", "clusters/eu-1", "teams/checkout", *_APPLICATIONS):
        plain.copy(grown, layer, tmp_path / "by-hand" / layer)
    ours, by_hand = files(grown), files(tmp_path / "by-hand")
    assert ours.pop("CODEOWNERS") != by_hand.pop("CODEOWNERS"), "the one file that `add team` edits"
    assert ours == by_hand


def test_copier_update_without_a_change_changes_nothing(grown: Path, tmp_path: Path) -> None:
    fleet = Path(shutil.copytree(grown, tmp_path / "fleet"))
    for layer in ("", "clusters/eu-1", "teams/checkout", "apps/checkout/search"):
        plain.update(fleet, layer)
    assert status(fleet) == []
