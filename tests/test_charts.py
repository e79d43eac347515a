"""Charts that Argo CD deploys: what they make is found, in processes of their own."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from checking import check, write

from scaffold.assemble import chart_objects, charts

_APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: NAME
  namespace: argocd
spec:
  project: default
  source:
    repoURL: https://git.example.com/platform/fleet.git
    targetRevision: HEAD
    path: PATH
  destination:
    name: in-cluster
    namespace: argocd
"""
_ROOT = _APPLICATION.replace("NAME", "root").replace("PATH", "apps")
_ONE = _APPLICATION.replace("NAME", "{{ . }}").replace("PATH", "{{ . }}")
_TEMPLATE = f"{{{{- range .Values.applications }}}}\n---\n{_ONE}{{{{- end }}}}\n"
_CASE = f"""
# root.yaml
{_ROOT}# apps/Chart.yaml
apiVersion: v2
name: apps
version: 1.0.0
# apps/values.yaml
applications: [one, two, three, four]
"""
_POD = """
apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}
spec:
  containers:
    - name: web
      image: registry.example.com/web:latest
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_charts_of_charts_are_rendered(jobs: int, tmp_path: Path) -> None:
    root = write(tmp_path, _CASE)
    templates = {"apps/templates/applications.yaml": _TEMPLATE}
    for name in ("one", "two", "three", "four"):
        write(root, f"# {name}/Chart.yaml\napiVersion: v2\nname: {name}\nversion: 1.0.0\n")
        templates[f"{name}/templates/pod.yaml"] = _POD
    for path, text in templates.items():
        (root / path).parent.mkdir(parents=True)
        (root / path).write_text(text)
    command = [sys.executable, "-m", "scaffold", "validate", str(root), "--no-cache", "--jobs", str(jobs)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    found = [line.partition(": ")[0] for line in done.stdout.splitlines() if line.endswith("[floating-image]")]
    assert found == [f"{name}/templates/pod.yaml:9:14" for name in ("four", "one", "three", "two")]


def test_releases_without_number_are_said_to_be_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "_MOST", 2)
    case = Path(__file__).parent / "cases" / "floating-image" / "releases-of-a-chart"
    root = tmp_path / "repository"
    shutil.copytree(case, root, ignore=shutil.ignore_patterns("expected.txt"))
    skipped = [(item.path, item.reason) for item in check(root).summary.skipped]
    assert skipped == [("charts/web", "one of more than 2 releases of it")]


def _deploying_itself(root: Path, times: str) -> list[tuple[str, str]]:
    """Validate a chart that deploys itself, each time under another name, so often as `times` has words."""
    own = _APPLICATION.replace("NAME", "{{ $.Release.Name }}{{ . }}").replace("PATH", "apps")
    template = f"{{{{- range list {times} }}}}\n---\n{own}{{{{- end }}}}\n"
    write(root, f"# root.yaml\n{_ROOT}# apps/Chart.yaml\napiVersion: v2\nname: apps\nversion: 0.1.0\n")
    (root / "apps" / "templates").mkdir()
    (root / "apps" / "templates" / "own.yaml").write_text(template)
    (root / ".gitops-scaffold.yaml").write_text("repository: https://git.example.com/platform/fleet.git\n")
    return sorted({(item.path, item.reason) for item in check(root).summary.skipped})


_LEFT = [("apps", "makes more applications than are followed")]


def test_chart_that_deploys_itself_for_ever_is_said_to_be_left_out(tmp_path: Path) -> None:
    assert _deploying_itself(tmp_path, '"a"') == _LEFT


def test_chart_that_deploys_itself_many_times_over_is_said_to_be_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chart_objects, "_MOST", 5)
    assert _deploying_itself(tmp_path, '"a" "b"') == _LEFT


def test_library_stays_out_of_the_process_that_forks(tmp_path: Path) -> None:
    """Helm's library has threads, for which a process that is forked beside them may wait for ever."""
    (tmp_path / "a/templates").mkdir(parents=True)
    (tmp_path / "a/Chart.yaml").write_text("apiVersion: v2\nname: a\nversion: 1.0.0\n")
    (tmp_path / "a/templates/pod.yaml").write_text(_POD)
    code = (
        "import sys; from pathlib import Path; from scaffold.model import Release; from scaffold.render import helm;"
        f"made = helm.template('library', Path({str(tmp_path)!r}), Release('a', 'a', 'a'), None);"
        "assert made[0].item['kind'] == 'Pod';"
        "assert 'helm_python' not in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], timeout=120, check=True)


def test_library_says_nothing_of_the_values_that_it_merges(tmp_path: Path) -> None:
    chart = "# Chart.yaml\napiVersion: v2\nname: a\nversion: 1.0.0\n# values.yaml\nlevel: 1\n"
    (write(tmp_path / "a", chart) / "templates").mkdir()
    (tmp_path / "a/templates/pod.yaml").write_text(_POD)
    code = (
        "from pathlib import Path; from scaffold.model import Release; from scaffold.render import helm;"
        "release = Release('a', 'a', 'a', values={'level': {'of': 1}});"
        f"print(helm.text('library', Path({str(tmp_path)!r}), release, None))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert "kind: Pod" in done.stdout
    assert not done.stderr


_DEFINITION = """\
{{- if .Values.crds }}
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.shop.example.com
spec:
  group: shop.example.com
  names: {kind: Widget, plural: widgets}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            size: {type: string}
{{- end }}
"""
_WIDGET = """
# platform/Chart.yaml
apiVersion: v2
name: platform
version: 1.0.0
# web/widget.yaml
apiVersion: shop.example.com/v1
kind: Widget
metadata:
  name: web
  namespace: web
sise: small
"""


def test_definitions_of_a_packed_dependency_are_those_of_the_repository(tmp_path: Path) -> None:
    root = write(tmp_path / "repository", _WIDGET)
    path = "platform/charts/widgets-1.0.0.tgz"
    (root / path).parent.mkdir()
    with tarfile.open(root / path, "w:gz") as packed:
        member = tarfile.TarInfo("widgets/templates/crds.yaml")
        member.size = len(_DEFINITION)
        packed.addfile(member, io.BytesIO(_DEFINITION.encode()))
    assert [finding.rule for finding in check(root).findings] == ["schema-violation"]
    (root / path).write_bytes(b"no archive")
    assert [finding.rule for finding in check(root, profile="strict").findings] == ["unchecked-kind"]
