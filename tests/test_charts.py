"""Charts that Argo CD deploys: what they make is found, in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from checking import write

_CASE = """
# root.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: root
  namespace: argocd
spec:
  project: default
  source:
    repoURL: https://git.example.com/platform/fleet.git
    targetRevision: HEAD
    path: apps
  destination:
    name: in-cluster
    namespace: argocd
# apps/Chart.yaml
apiVersion: v2
name: apps
version: 1.0.0
# apps/values.yaml
applications: [one, two, three, four]
"""
_TEMPLATE = """
{{- range .Values.applications }}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {{ . }}
  namespace: argocd
spec:
  project: default
  source:
    repoURL: https://git.example.com/platform/fleet.git
    targetRevision: HEAD
    path: {{ . }}
  destination:
    name: in-cluster
    namespace: {{ . }}
{{- end }}
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


def loaded(_: None, name: str) -> bool:
    """Whether a module is there in a worker."""
    return name in sys.modules


def test_workers_do_not_inherit_the_library() -> None:
    """Helm's library has threads, for which a forked process may wait for ever."""
    code = (
        "import helm_python; from scaffold import workers; from test_charts import loaded;"
        "assert not any(workers.each(loaded, None, ['helm_python'] * 2, 2, 'asking'))"
    )
    paths = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    subprocess.run([sys.executable, "-W", "error", "-c", code], env=paths, timeout=120, check=True)
