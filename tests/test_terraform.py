"""Terraform that brings the engine to a cluster: formatted HCL that carries the repository's files as they are."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import hcl2
import pytest
import yaml

from scaffold.cli import main
from scaffold.model import Release
from scaffold.render import helm

_WAYS = {
    "atlantis": (
        *("terraform=atlantis", "argocd_install=chart", "organization=Example.Org_1"),
        "signing_keys=0123456789ABCDEF, FEDCBA9876543210",
    ),
    "hcp": ("terraform=hcp", "argocd_install=external", "organization=Example.Org_1"),
    "flux": ("terraform=atlantis", "engine=flux", "signing_keys=0123456789ABCDEF"),
    "per-cluster": ("terraform=hcp", "argocd_install=chart", "control_planes=per-cluster", "clusters=us-1"),
}
# What everything else is found from, once it is in the cluster.
_ENTRY = {
    "argocd": ("control-plane/hub/projects.yaml", "control-plane/hub/root.yaml"),
    "flux": ("clusters/hub/flux-system/flux-instance.yaml",),
    "per-cluster": ("control-plane/base/projects.yaml", "control-plane/hub/root.yaml"),
}


@pytest.fixture(scope="module", params=sorted(_WAYS))
def written(request: pytest.FixtureRequest, _own_git: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("terraform") / str(request.param)
    assert main(["new", str(path), "--defaults", *(part for one in _WAYS[path.name] for part in ("--data", one))]) == 0
    return path


def _blocks(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8") as file:
        found: dict[str, Any] = hcl2.load(file)
    return found


def test_it_is_hcl_with_exact_providers(written: Path) -> None:
    files = sorted((written / "terraform").rglob("*.tf"))
    assert {path.name for path in files} == {"main.tf", "provider.tf", "variables.tf", "versions.tf"}
    providers = [
        provider
        for path in files
        for block in _blocks(path).get("terraform", ())
        for required in block.get("required_providers", ())
        for name, provider in required.items()
        if not name.startswith("__")
    ]
    assert providers
    assert all(provider["version"].strip('"')[0].isdigit() for provider in providers)


def test_it_is_formatted(written: Path) -> None:
    terraform = shutil.which("terraform")
    if not terraform:
        pytest.skip("terraform is not there")
    command = [terraform, "fmt", "-check", "-diff", "-recursive", "terraform"]
    done = subprocess.run(command, cwd=written, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (0, "")


def _entry(written: Path) -> tuple[str, ...]:
    return _ENTRY[written.name if written.name in _ENTRY else "argocd"]


def test_every_file_that_it_reads_is_there(written: Path) -> None:
    text = (written / "terraform/bootstrap/main.tf").read_text()
    names = re.findall(r'"([^"/]*/?\w+\.yaml)"', text) or [""]
    told = re.findall(r'file\("\$\{local\.root\}/([^"]+)"\)', text)
    read = {place.replace("${name}", name) for place in told for name in names}
    assert {place.replace("${local.cluster}", "hub") for place in read} >= set(_entry(written))
    assert len(read) > len(_entry(written)) or not (written / "platform/argocd").is_dir(), "the chart's values"
    (locals_,) = _blocks(written / "terraform/bootstrap/provider.tf")["locals"]
    clusters = [name.strip('"') for name in locals_["clusters"]]
    assert clusters == (["hub", "us-1"] if written.name == "per-cluster" else ["hub"])
    places = {place.replace("${local.cluster}", cluster) for place in read for cluster in clusters}
    missing = [place for place in sorted(places) if not (written / place).is_file()]
    assert missing == [place for place in missing if place == "signing-keys/${key}.asc"]


def test_argo_cd_has_from_the_first_the_keys_that_it_deploys_nothing_without(written: Path) -> None:
    text = (written / "terraform/bootstrap/main.tf").read_text()
    first = [key for told in re.findall(r"for key in (\[.+\]) : key => file", text) for key in yaml.safe_load(told)]
    later = [
        parameter["name"].rpartition(".")[2]
        for path in written.glob("platform/argocd/overlays/hub/.argocd-source.yaml")
        for parameter in yaml.safe_load(path.read_text())["helm"].get("fileParameters", ())
    ]
    assert first == later
    assert bool(first) == (written.name == "atlantis")


def test_the_chart_carries_files_as_they_are(written: Path) -> None:
    files = [(written / name).read_text() for name in _entry(written)]
    files.append('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: text\ndata:\n  text: "{{ .Values.left }}"\n')
    release = Release("terraform/bootstrap/manifests", "root", "argocd", values={"manifests": files})
    carried = [made.item for made in helm.template(helm.find(), written, release, None)]
    expected = [item for text in files for item in yaml.safe_load_all(text)]
    assert sorted(map(str, carried)) == sorted(map(str, expected))


def test_its_page_names_what_is_brought_by_hand(written: Path) -> None:
    (step,) = re.findall(r"^6[.] .+", (written / "terraform/README.md").read_text(), re.MULTILINE)
    told = ("decryption", "keys that commits are signed with") if written.name == "flux" else ("credential",)
    assert all(part in step for part in told)


def test_the_server_asks_what_a_pull_request_cannot_change(written: Path) -> None:
    if not (written / "atlantis.yaml").exists():
        (workspace,) = _blocks(written / "terraform/workspaces/main.tf")["resource"]
        assert "assessments_enabled" in str(workspace)
        assert ("us-1" in str(workspace)) == (written.name == "per-cluster")
        assert written.name in ("hcp", "per-cluster")
        return
    (repository,) = yaml.safe_load((written / "terraform/atlantis.yaml").read_text())["repos"]
    assert repository["id"] == "git.example.com/platform/fleet"
    assert repository["branch"] == "/^main$/"
    assert {"approved", "mergeable", "undiverged"} == set(repository["apply_requirements"])
    assert (repository["allowed_overrides"], repository["allow_custom_workflows"]) == ([], False)
    (project,) = yaml.safe_load((written / "atlantis.yaml").read_text())["projects"]
    assert (written / project["dir"]).is_dir()
    assert not {"apply_requirements", "workflow"} & project.keys()
