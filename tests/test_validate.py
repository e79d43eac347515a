"""`gitops-scaffold validate`: exit codes, both formats, settings, and what is said where a run cannot go on."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest
from checking import write
from running import Command, commit

from scaffold import git
from scaffold.rules import RULES

_CLEAN = "# config.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n"
_POD = """# pod.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example.com/web
"""
_LINE = (
    "pod.yaml:8:14: warning: Pod 'web', container 'web' runs 'registry.example.com/web', which floats; pin it to a "
    "version tag or a digest [floating-image]\n"
)
_OVERLAYS = """
# base/kustomization.yaml
resources:
  - pod.yaml
# dev/kustomization.yaml
resources:
  - ../base
images:
  - name: registry.example.com/web
    newTag: latest
# production/kustomization.yaml
resources:
  - ../base
images:
  - name: registry.example.com/web
    newTag: latest
# base/pod.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example.com/web:1.0.0
"""
_FLUX = """
# clusters/production/sync.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: fleet, namespace: flux-system}}
spec: {{interval: 1m, url: https://git.example.com/fleet.git, ref: {{branch: main}}}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: fleet, namespace: flux-system}}
spec: {{interval: 1m, path: clusters/production, prune: true, sourceRef: {{kind: GitRepository, name: fleet}}}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: apps, namespace: flux-system}}
spec: {{interval: 1m, path: apps, prune: true, sourceRef: {{kind: GitRepository, name: fleet}}}}
# apps/kustomization.yaml
resources: [charts.yaml, {}]
# apps/charts.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {{name: charts, namespace: flux-system}}
spec: {{interval: 1m, url: https://charts.example.com}}
"""


def test_clean_is_0(tmp_path: Path, command: Command) -> None:
    result = command("validate", write(tmp_path, _CLEAN))
    assert (result.code, result.out) == (0, "")
    assert result.err.startswith("0 findings in 1 file; 1 overlay with 1 object checked, nothing skipped (")


def test_findings_are_1_and_show_the_line(tmp_path: Path, command: Command) -> None:
    result = command("validate", write(tmp_path, _POD))
    assert (result.code, result.out) == (1, _LINE + "       8 |       image: registry.example.com/web\n")
    assert result.err.startswith("1 finding in 1 file; ")


def test_here_is_the_default(tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write(tmp_path, _POD))
    assert command("validate").out.startswith(_LINE)


def test_json_is_the_contract(tmp_path: Path, command: Command) -> None:
    tree = _POD + "# remote/kustomization.yaml\nresources:\n  - https://git.example.com/platform/base.git\n"
    result = command("validate", write(tmp_path, tree), "--format", "json")
    data = json.loads(result.out)
    assert result.code == 1
    assert list(data) == ["version", "findings", "summary"]
    assert data["version"] == 1
    (finding,) = data["findings"]
    contract = ["rule", "severity", "confidence", "message", "path", "line", "column", "fingerprint"]
    assert list(finding)[: len(contract)] == contract
    assert (finding["rule"], finding["severity"], finding["confidence"]) == ("floating-image", "warning", "high")
    assert (finding["path"], finding["line"], finding["column"]) == ("pod.yaml", 8, 14)
    assert len(finding["fingerprint"]) == 20
    assert list(data["summary"])[:4] == ["files", "overlays", "objects", "skipped"]
    reason = "remote resource 'https://git.example.com/platform/base.git' needs the network"
    assert data["summary"]["skipped"] == [{"path": "remote", "reason": reason}]
    assert (data["summary"]["files"], data["summary"]["overlays"], data["summary"]["objects"]) == (2, 1, 1)


def test_json_of_a_clean_repository_has_every_key(tmp_path: Path, command: Command) -> None:
    result = command("validate", write(tmp_path, _CLEAN), "--format=json")
    assert result.code == 0
    assert json.loads(result.out)["findings"] == []


def test_a_chart_that_nobody_deploys_is_named_and_not_required(tmp_path: Path, command: Command) -> None:
    tree = _CLEAN + "# web/Chart.yaml\napiVersion: v2\nname: web\nversion: 1.0.0\n"
    result = command("validate", write(tmp_path, tree), "--require-rendered")
    assert (result.code, "1 skipped" in result.err) == (0, True)
    assert "\nskipped web: a chart that is rendered for no application here\n" in result.err


def test_what_no_engine_deploys_is_named_once(tmp_path: Path, command: Command) -> None:
    root = write(tmp_path, _CLEAN)
    for path in ("_archive/web/pod.yaml", "_archive/db/pod.yaml", "web/hack/one.yaml", "web/hack/two.yaml", "pod.yaml"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containerz: []\n")
    result = command("validate", root, "--format=json", "--require-rendered")
    data = json.loads(result.out)
    assert {finding["path"] for finding in data["findings"]} == {"pod.yaml"}
    told = [item["path"] for item in data["summary"]["skipped"] if item["reason"].startswith("no engine deploys it")]
    assert told == ["_archive", "web"]


def test_a_file_of_terraform_with_a_flaw_is_named_and_not_required(tmp_path: Path, command: Command) -> None:
    root = write(tmp_path, _CLEAN)
    (root / "terraform").mkdir()
    (root / "terraform/main.tf").write_text('resource "null_resource" "web" {\n')
    for _ in range(2):  # the second run knows it by heart
        result = command("validate", root, "--require-rendered")
        assert (result.code, "1 skipped" in result.err) == (0, True)
        assert "\nskipped terraform/main.tf: cannot be read as HCL; mend its syntax" in result.err
    (root / "terraform/main.tf").write_text('resource "null_resource" "web" {}\n')
    assert "nothing skipped" in command("validate", root, "--require-rendered").err


def test_templates_of_another_tool_are_named_and_not_required(tmp_path: Path, command: Command) -> None:
    tree = """
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # roles/web/templates/config.yaml
    port: {{ port }}
    # roles/web/templates/parts/broken.yaml
    list: [
    """
    result = command("validate", write(tmp_path, tree), "--require-rendered")
    assert (result.code, "1 skipped" in result.err) == (0, True)
    assert "\nskipped roles/web/templates: holds templates that something else fills in\n" in result.err


def test_what_was_skipped_is_named_and_can_be_required(tmp_path: Path, command: Command) -> None:
    root = write(tmp_path, _CLEAN + "# remote/kustomization.yaml\nresources:\n  - github.com/example/base\n")
    result = command("validate", root)
    assert (result.code, result.out) == (0, "")
    assert "1 skipped" in result.err
    assert "\nskipped remote: remote resource 'github.com/example/base' needs the network\n" in result.err
    result = command("validate", root, "--require-rendered")
    assert result.code == 1
    assert result.out.startswith("remote/kustomization.yaml:2:5: error: 'remote' was not checked, ")


def test_what_a_cluster_of_flux_builds_is_not_fetched(tmp_path: Path, command: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        far = f"http://127.0.0.1:{server.getsockname()[1]}/far.yaml"
        result = command("validate", write(tmp_path, _FLUX.format(far)))
        with pytest.raises(BlockingIOError):
            server.accept()
    assert "checked, 1 skipped (" in result.err
    assert f"\nskipped apps: remote resource {far!r} needs the network\n" in result.err


ERRORS = {
    "path that is missing": (["nowhere"], 2, "does not exist; name a directory"),
    "path that is a file": (["pod.yaml"], 2, "is no directory; name the repository's directory"),
    "unknown option": (["--formt", "json"], 2, "option '--formt' is unknown; did you mean '--format'?"),
    "unknown format": (["--format", "jsn"], 2, "format 'jsn' is unknown; did you mean 'json'?"),
    "unknown profile": (["--profile", "stric"], 2, "strict"),
    "no processes": (["--jobs", "0"], 2, "jobs"),
    "kustomize that is absent": (
        ["--kustomize", "no-such-kustomize"],
        2,
        "kustomize 'no-such-kustomize' is not there; ",
    ),
    "kustomize that is none": (["--kustomize", "/bin/true"], 2, "does not say a version as kustomize does; "),
    "revision outside of git": (["--changed-since", "main"], 2, "; "),
}


@pytest.mark.parametrize("name", ERRORS)
def test_what_cannot_go_on_is_one_line(
    name: str, tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, code, words = ERRORS[name]
    monkeypatch.chdir(write(tmp_path, _POD))
    result = command("validate", *arguments)
    assert (result.code, result.out) == (code, ""), result.err
    assert words in result.err
    assert result.err.count("\n") == 1


SETTINGS = {
    "unknown key": ("enviroments: []\n", "1:1: key 'enviroments' is unknown; did you mean 'environments'?"),
    "unknown key inside": (
        "environments:\n  - name: dev\n    gat: manual\n",
        "3:5: key 'gat' is unknown; did you mean 'gate'?",
    ),
    "unknown rule": (
        "rules:\n  floating-imgae: off\n",
        "2:3: rule 'floating-imgae' is unknown; did you mean 'floating-image'?",
    ),
    "unknown rule in an ignore": (
        "ignore:\n  - paths: [a]\n    rules: [floating-imgae]\n    reason: vendored\n",
        "3:13: rule 'floating-imgae' is unknown; did you mean 'floating-image'?",
    ),
    "unknown level": (
        "rules:\n  floating-image: loud\n",
        "2:19: 'loud' is no level; choose from off, error, warning, info",
    ),
    "number for a text": ("kubernetes: 1.30\n", "1:13: kubernetes is 1.3, no string; put it in quotes"),
    "no YAML": ("rules: [\n", "1:8: the text ends too early; mend the YAML there"),
    "no mapping": ("- a\n", "1:1: the file is no mapping; write it as keys and values"),
    "no reason": ("ignore:\n  - paths: [a]\n", "2:5: ignore.0 has no 'reason'; add it"),
    "no date": (
        "ignore:\n  - paths: [a]\n    reason: x\n    until: soon\n",
        "4:12: 'soon' is no date; write one such as",
    ),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_say_where(name: str, tmp_path: Path, command: Command) -> None:
    text, words = SETTINGS[name]
    root = write(tmp_path, _POD)
    (root / ".gitops-scaffold.yaml").write_text(text)
    result = command("validate", root)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"gitops-scaffold: error: .gitops-scaffold.yaml:{words}"), result.err
    assert result.err.count("\n") == 1


@pytest.mark.parametrize("level", ["error", "warning", "info"])
def test_settings_change_the_severity_of_a_rule(level: str, tmp_path: Path, command: Command) -> None:
    root = write(tmp_path, _POD + f"# .gitops-scaffold.yaml\nrules:\n  floating-image: {level}\n")
    assert command("validate", root).out.startswith(f"pod.yaml:8:14: {level}: ")


def test_settings_turn_a_rule_off(tmp_path: Path, command: Command) -> None:
    assert (
        command("validate", write(tmp_path, _POD + "# .gitops-scaffold.yaml\nrules:\n  floating-image: off\n")).code
        == 0
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read everything")
def test_path_that_cannot_be_read_is_2(tmp_path: Path, command: Command) -> None:
    root = write(tmp_path / "closed", _POD)
    root.chmod(0)
    try:
        result = command("validate", root)
    finally:
        root.chmod(0o700)
    assert (result.code, result.out) == (2, "")
    assert "cannot be read; mend its permissions" in result.err


@pytest.mark.parametrize(
    "tree", ["# README.md\nnothing\n", "# values.yaml\nreplicas: 3\n", "# empty.yaml\n", "# a.yaml\n---\n"]
)
def test_nothing_to_check_is_3(tree: str, tmp_path: Path, command: Command) -> None:
    result = command("validate", write(tmp_path, tree))
    assert (result.code, result.out) == (3, "")
    assert result.err == (
        f"gitops-scaffold: error: no manifest stands below {str(tmp_path)!r}; name the directory that holds them\n"
    )


def test_a_chart_alone_is_named(tmp_path: Path, command: Command) -> None:
    result = command("validate", write(tmp_path, "# web/Chart.yaml\nname: web\n# web/values.yaml\nreplicas: 3\n"))
    assert (result.code, result.out) == (3, "")
    fact = f"no manifest stands below {str(tmp_path)!r}, only the chart 'web', which no engine deploys"
    assert result.err == f"gitops-scaffold: error: {fact}; 'gitops-scaffold adopt' takes it in\n"


def test_only_what_a_change_reaches_is_rendered(tmp_path: Path, command: Command) -> None:
    root = write(tmp_path / "repository", _OVERLAYS)
    git.run(root, "init", "--quiet")
    commit(root)
    path = root / "dev/kustomization.yaml"
    path.write_text(path.read_text() + "namespace: web\n")
    result = command("validate", root, "--changed-since", "HEAD")
    assert [line.partition(":")[0] for line in result.out.splitlines()[::2]] == ["dev/kustomization.yaml"]
    assert "1 overlay with 1 object checked, 1 overlay unchanged" in result.err
    path = root / "base/pod.yaml"
    path.write_text(path.read_text() + "# changed\n")
    assert "2 overlays with 2 objects checked, nothing" in command("validate", root, "--changed-since", "HEAD").err


@pytest.mark.parametrize("option", ["--no-cache", "--jobs=1", "--jobs=3", "--profile=strict"])
def test_options_change_nothing_of_what_is_found(option: str, tmp_path: Path, command: Command) -> None:
    root = write(tmp_path, _OVERLAYS)
    plain, other = command("validate", root), command("validate", root, option)
    assert (other.code, other.out) == (plain.code, plain.out)
    assert plain.code == 1


def test_findings_come_in_the_order_of_places(tmp_path: Path, command: Command) -> None:
    second = _POD.replace("# pod.yaml", "# a/pod.yaml") + "    - name: other\n      image: registry.example.com/other\n"
    result = command("validate", write(tmp_path, _POD + second))
    places = [line.split(": ")[0] for line in result.out.splitlines()[::2]]
    assert places == ["a/pod.yaml:8:14", "a/pod.yaml:10:14", "pod.yaml:8:14"]


def test_every_rule_can_be_turned_off_at_once(tmp_path: Path, command: Command) -> None:
    rules = "".join(f"  {name}: off\n" for name in RULES)
    result = command("validate", write(tmp_path, _POD + f"# .gitops-scaffold.yaml\nrules:\n{rules}"))
    assert (result.code, result.out) == (0, "")
