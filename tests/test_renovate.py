"""Renovate proposes a new version once, to the branch that it is followed on."""

from __future__ import annotations

import fnmatch
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scaffold.cli import main

_CHECK = (Path(sys.executable).parent / "check-jsonschema", "--builtin-schema", "vendor.renovate")
_FILES = {
    "helmv3": ("platform/argocd/overlays/hub/Chart.yaml", *(f"apps/a/b/overlays/{name}/Chart.yaml" for name in "ds")),
    "flux": ("platform/controllers/base/sealed-secrets.yaml",),
    "github-actions": (".github/workflows/validate.yaml",),
    "copier": (".copier-answers.yml", "apps/a/b/.copier-answers.yml"),
}
_CI = ["env/d", "env/s", "main"]
_SHARED = {".copier-answers.yml": ["main"], "apps/a/b/.copier-answers.yml": ["main"]}
_CHARTS = {"platform/argocd/overlays/hub/Chart.yaml": ["main"], "apps/a/b/overlays/d/Chart.yaml": ["env/d"]}
_WORKFLOW = {".github/workflows/validate.yaml": _CI}
_PROPOSED = {
    "argocd environment_strategy=branches": _SHARED | _CHARTS | _WORKFLOW,
    "argocd": {name: ["main"] for name in (_SHARED | _CHARTS | _WORKFLOW)},
    "argocd environment_strategy=branches topology=multi-repo": {
        name: ["main"] for name in (_SHARED | _WORKFLOW | dict.fromkeys(_FILES["helmv3"]))
    },
    "flux environment_strategy=branches": _SHARED
    | {"platform/controllers/base/sealed-secrets.yaml": ["main"]}
    | _WORKFLOW,
}


def _is_matched(rule: dict[str, Any], branch: str, manager: str, file: str) -> bool:
    """Whether a rule is about a file, as Renovate 44 decides it; a pattern after `!` takes away."""
    names = rule.get("matchFileNames", ["*"])
    wanted = [name for name in names if not name.startswith("!")]
    unwanted = [name[1:] for name in names if name.startswith("!")]
    return (
        branch in rule.get("matchBaseBranches", [branch])
        and manager in rule.get("matchManagers", [manager])
        and any(fnmatch.fnmatch(file, name) for name in wanted)
        and not any(fnmatch.fnmatch(file, name) for name in unwanted)
    )


def _is_proposed(config: dict[str, Any], branch: str, manager: str, file: str) -> bool:
    rules = (rule for rule in config["packageRules"] if _is_matched(rule, branch, manager, file))
    return bool([True, *(rule["enabled"] for rule in rules if "enabled" in rule)][-1])


@pytest.mark.parametrize("answers", sorted(_PROPOSED))
def test_a_version_is_proposed_where_it_counts(answers: str, tmp_path: Path) -> None:
    engine, *more = answers.split()
    data = [f"engine={engine}", "environments=d, s", *more]
    assert main(["new", str(tmp_path / "a"), "--defaults", *(part for item in data for part in ("--data", item))]) == 0
    written = tmp_path / "a/renovate.json"
    subprocess.run((*_CHECK, written), check=True, capture_output=True, timeout=60)
    config = json.loads(written.read_text())
    found: dict[str, list[str]] = {}
    for manager in config["enabledManagers"]:
        for file in _FILES[manager]:
            for branch in sorted(config.get("baseBranchPatterns", ["main"])):
                if _is_proposed(config, branch, manager, file):
                    found.setdefault(file, []).append(branch)
    assert found == _PROPOSED[answers]
