"""Terraform that brings the engine to a cluster: formatted HCL that carries the repository's files as they are."""

from __future__ import annotations

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

_BY = {"atlantis": ("argocd_install=chart",), "hcp": ("argocd_install=external",)}


@pytest.fixture(scope="module", params=sorted(_BY))
def written(request: pytest.FixtureRequest, _own_git: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("terraform") / str(request.param)
    data = (f"terraform={request.param}", *_BY[request.param])
    assert main(["new", str(path), "--defaults", *(part for one in data for part in ("--data", one))]) == 0
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


def test_every_file_that_it_reads_is_there(written: Path) -> None:
    text = (written / "terraform/bootstrap/main.tf").read_text()
    assert "control-plane/${local.cluster}/${name}" in text
    for name in ("projects.yaml", "root.yaml"):
        assert f'"{name}"' in text
        assert (written / "control-plane/hub" / name).is_file()
    told = [line.split('"')[1] for line in text.splitlines() if line.strip().startswith('file("')]
    places = [place.replace("${local.root}", ".").replace("${local.cluster}", "hub") for place in told]
    assert bool(places) is (written.name == "atlantis")
    assert all((written / place).is_file() for place in places)


def test_the_chart_carries_files_as_they_are(written: Path) -> None:
    files = [(written / "control-plane/hub" / name).read_text() for name in ("projects.yaml", "root.yaml")]
    files.append('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: text\ndata:\n  text: "{{ .Values.left }}"\n')
    release = Release("terraform/bootstrap/manifests", "root", "argocd", values={"manifests": files})
    carried = helm.template(helm.find(), written, release, None)
    expected = [item for text in files for item in yaml.safe_load_all(text)]
    assert sorted(map(str, carried)) == sorted(map(str, expected))


def test_the_server_asks_what_a_pull_request_cannot_change(written: Path) -> None:
    if written.name == "hcp":
        assert not (written / "atlantis.yaml").exists()
        (workspace,) = _blocks(written / "terraform/workspaces/main.tf")["resource"]
        assert "assessments_enabled" in str(workspace)
        return
    (repository,) = yaml.safe_load((written / "terraform/atlantis.yaml").read_text())["repos"]
    assert repository["id"] == "git.example.com/platform/fleet"
    assert repository["branch"] == "/^main$/"
    assert {"approved", "mergeable", "undiverged"} == set(repository["apply_requirements"])
    assert (repository["allowed_overrides"], repository["allow_custom_workflows"]) == ([], False)
    (project,) = yaml.safe_load((written / "atlantis.yaml").read_text())["projects"]
    assert (written / project["dir"]).is_dir()
    assert not {"apply_requirements", "workflow"} & project.keys()
