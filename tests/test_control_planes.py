"""A fleet in which each cluster has an Argo CD of its own: none has to do with what is another cluster's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from running import Command, commit

from scaffold import fleet as fleets
from scaffold.cli import main
from scaffold.growth import sequence
from scaffold.growth.sequence import Deployed, Housed
from scaffold.render import builders, kustomize

_ANSWERS = (
    *("control_planes=per-cluster", "control_plane_cluster=eu-1", "clusters=us-1, ap-1"),
    "environments=[{name: dev}, {name: staging, cluster: us-1, gate: auto}, {name: production, gate: manual}]",
    *("argocd_install=chart", "argocd_route=gateway", "high_availability=true", "sso=oidc", "webhook=github"),
    *("monitoring=true", "notifications=slack", "secrets=external-secrets"),
    *("repository_url=ssh://git@git.example.com:2222/platform/fleet.git", "oidc_issuer=https://sso.example.com:8443"),
)
_ENVIRONMENTS = {"eu-1": {"dev", "production"}, "us-1": {"staging"}, "ap-1": set()}


@pytest.fixture(scope="module")
def fleet(_own_git: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three clusters, one of which has no environment yet, and a team."""
    path = tmp_path_factory.mktemp("control-planes") / "fleet"
    assert main(["new", str(path), "--defaults", *(part for one in _ANSWERS for part in ("--data", one))]) == 0
    assert main(["add", "team", "checkout", "--repository", str(path)]) == 0
    commit(path)
    return path


def _documents(path: Path) -> list[dict[str, Any]]:
    return [item for item in yaml.safe_load_all(path.read_text()) if item]


def test_it_passes_every_rule(command: Command, fleet: Path) -> None:
    done = command("validate", fleet)
    assert (done.code, done.out) == (0, ""), done.out
    assert "0 findings" in done.err


def test_each_control_plane_looks_for_the_environments_of_its_cluster(fleet: Path) -> None:
    for cluster, environments in _ENVIRONMENTS.items():
        path = fleet / "control-plane" / cluster / "teams.yaml"
        assert path.exists() == bool(environments)
        for item in _documents(path) if environments else ():
            (generator,) = item["spec"]["generators"]
            found = {entry["path"] for entry in generator["git"]["directories"]}
            assert found == {f"teams/*/control-plane/{name}" for name in environments}


def test_nothing_is_deployed_from_one_cluster_to_another(fleet: Path) -> None:
    paths = (*fleet.glob("control-plane/**/*.yaml"), *fleet.glob("teams/*/control-plane/*/*.yaml"))
    found = [item for path in paths for item in _documents(path)]
    assert {destination["name"] for item in found for destination in _destinations(item)} == {"in-cluster"}
    text = "".join(path.read_text() for path in fleet.glob("platform/**/*.yaml"))
    assert "secret-type: cluster" not in text
    assert "clusters, create" not in text


def _destinations(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    spec = item.get("spec", {})
    spec = spec["template"]["spec"] if item["kind"] == "ApplicationSet" else spec
    yield from spec.get("destinations", [spec["destination"]] if "destination" in spec else [])


def test_the_network_lets_out_to_the_ports_that_addresses_name(fleet: Path) -> None:
    *_, outside = _documents(fleet / "platform/network/base/egress.yaml")
    (rule,) = outside["spec"]["egress"]
    assert [item["port"] for item in rule["ports"]] == [443, 6443, 22, 2222, 8443]


def test_what_control_planes_share_stands_once(fleet: Path) -> None:
    assert not list(fleet.glob("control-plane/*-1/projects.yaml"))
    rendered = {name: _rendered(fleet, f"control-plane/{name}") for name in _ENVIRONMENTS}
    projects = {name: [item for item in items if item["kind"] == "AppProject"] for name, items in rendered.items()}
    assert projects["eu-1"] == projects["us-1"] == projects["ap-1"]
    for name, items in rendered.items():
        paths = {item["spec"]["source"]["path"] for item in items if item["kind"] == "Application"}
        assert {path.rpartition("/")[2] for path in paths} == {name}
        assert all((fleet / path).is_dir() for path in paths)


def _rendered(fleet: Path, directory: str) -> list[dict[str, Any]]:
    found = kustomize.build_many(builders.find(), fleet, [directory])[directory]
    assert isinstance(found, list), found
    return found


def test_every_user_interface_has_a_host_of_its_own(fleet: Path) -> None:
    for name in _ENVIRONMENTS:
        host = f"{name}.argocd.example.com"
        overlays = fleet / "platform/argocd/overlays" / name
        assert _documents(overlays / "values.yaml")[0]["argo-cd"]["global"]["domain"] == host
        route = _documents(overlays / "route.yaml")[0]["argo-cd"]
        assert [route[part]["httproute"]["hostnames"] for part in ("server", "applicationSet")] == [
            [host],
            [f"applicationsets.{host}"],
        ]
        (config,) = _rendered(fleet, f"platform/notifications/overlays/{name}")
        assert config["data"]["context"] == f"argocdUrl: https://{host}\n"


def test_inventory_names_the_cluster_that_an_application_is_on(command: Command, fleet: Path) -> None:
    found = json.loads(command("inventory", fleet, "--format", "json").out)["applications"]
    places = {(item["name"], item["destination"]["name"]) for item in found}
    assert {("root", name) for name in _ENVIRONMENTS} < places
    assert {name: cluster for name, cluster in places if "checkout" in name} == {
        f"{name}{environment}{end}": cluster
        for cluster, environments in _ENVIRONMENTS.items()
        for environment in environments
        for name, end in (("team-checkout-", ""), ("checkout-", "-baseline"))
    }


def test_the_page_names_what_every_cluster_has_once(command: Command, fleet: Path) -> None:
    (told,) = (line for line in command("report", fleet, "--format", "markdown").out.splitlines() if "root" in line)
    assert told.startswith("Of no environment: argocd (3), credentials (3), ")
    assert "root (3), team-checkout-dev, " in told


def test_what_people_do_is_said_of_the_cluster_where_it_is(fleet: Path) -> None:
    found = fleets.find(fleet)
    leaving = [Deployed("checkout", "payments", name) for name in ("staging", "production")]
    assert [*sequence.applications_leave(found, leaving)] == [
        "merge this; Argo CD deletes checkout-payments-staging with all that was deployed",
        "as an administrator of Argo CD on eu-1: argocd app delete checkout-payments-production",
    ]
    objects = "applicationset/checkout-staging application/checkout-staging-baseline"
    projects = "appproject/checkout-staging appproject/checkout-staging-baseline"
    steps = [*sequence.teams_leave(found, [Housed("checkout", "staging")])]
    assert steps[1] == f"on us-1: kubectl --namespace argocd delete {objects} {projects}"
    assert [*sequence.environment_leaves(found, "staging")] == [
        "merge this; Argo CD on us-1 looks for no teams in staging any more"
    ]
    beside = "clusterrolebinding,clusterrole,customresourcedefinition"
    assert [*sequence.cluster_leaves(found, "ap-1")] == [
        "merge this; Argo CD on ap-1 finds no control-plane/ap-1 any more, and deletes nothing",
        "on ap-1, unless the cluster itself goes: kubectl delete namespace argocd, with all that it holds",
        f"and there: kubectl delete {beside} --selector app.kubernetes.io/part-of=argocd",
    ]
    assert [*sequence.cluster_renamed(found, "us-1", "us-2")] == [
        "merge this; Argo CD finds no control-plane/us-1 any more, and deletes nothing",
        "on it: kubectl apply --filename control-plane/us-2/root.yaml",
    ]


def test_images_are_written_from_the_clusters_that_have_something_to_write(tmp_path: Path, command: Command) -> None:
    environments = "environments=[{name: dev, cluster: us-1}, {name: production, gate: manual}]"
    answers = ("control_planes=per-cluster", "clusters=us-1, ap-1", environments, "image_updates=argocd-image-updater")
    data = [part for answer in answers for part in ("--data", answer)]
    fleet = tmp_path / "fleet"
    assert main(["new", str(fleet), "--defaults", *data]) == 0
    assert [path.name for path in fleet.glob("platform/image-updater/overlays/*")] == ["us-1"]
    assert [path.parent.name for path in fleet.glob("control-plane/*/platform.yaml")] == ["us-1"]
    assert command("validate", fleet).code == 0
    assert main(["add", "team", "checkout", "--repository", str(fleet)]) == 0
    _, step, _ = sequence.teams_leave(fleets.find(fleet), [Housed("checkout", "dev")])
    assert step.removeprefix("on us-1: kubectl --namespace argocd delete ").split() == [
        *("applicationset/checkout-dev", "application/checkout-dev-baseline"),
        *("imageupdater/checkout-dev", "appproject/checkout-dev", "appproject/checkout-dev-baseline"),
    ]
