"""Who may do what: each case asked of `argocd admin settings rbac can`, whose answer the case records.

A case is an element of a file in `agree/rbac/`: `policy` (the central lines), `more` (other keys of that config map),
`default` (the role of those without one), `mode` (how objects are matched), `project` (the name and the roles of an
AppProject), `can` (subject, action, resource, and mostly an object), and `answer`: `yes`, `no`, or what the engine
refuses to work with, which is a `bad policy` or a `bad question`.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from engines import binaries

HERE = Path(__file__).parent / "agree" / "rbac"
_SECONDS = 60
_ANSWERS = {
    "invalid user policy": "bad policy",
    "error in RBAC request": "bad question",
    "Yes": "yes",
    "No": "no",
}
_KUBECONFIG = {
    "apiVersion": "v1",
    "kind": "Config",
    "clusters": [{"name": "none", "cluster": {"server": "https://127.0.0.1:1"}}],
    "contexts": [{"name": "none", "context": {"cluster": "none", "user": "nobody"}}],
    "users": [{"name": "nobody", "user": {"token": "none"}}],
    "current-context": "none",
}


class Case(NamedTuple):
    """One case: its name, and what its file says."""

    identity: str
    told: Mapping[str, Any]


def _cases() -> Iterator[Case]:
    for path in sorted(HERE.glob("*.yaml")):
        told = yaml.safe_load(path.read_text())
        yield from (Case(f"{path.stem}-{index:02}", item) for index, item in enumerate(told, 1))


CASES = tuple(_cases())


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory, _programs: None) -> Mapping[str, str]:
    """What the engine says to every case; it takes no control plane."""
    directory = tmp_path_factory.mktemp("rbac")
    binaries.directory(directory / "bin")
    (directory / "kubeconfig").write_text(json.dumps(_KUBECONFIG))
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda case: _asked(case, directory), CASES)
        return {case.identity: answer for case, answer in zip(CASES, found, strict=True)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.identity}: {case.told['case']}")
@pytest.mark.xfail(raises=NotImplementedError, strict=True, reason="issue 6 predicts it")
def test_a_policy_answers_what_is_predicted(case: Case, answers: Mapping[str, str]) -> None:
    assert answers[case.identity] == case.told["answer"]
    assert _predicted(case) == answers[case.identity]


def _predicted(case: Case) -> str:
    """To be answered by the evaluation of policies and projects that issue 6 builds."""
    raise NotImplementedError(case.identity)


def _asked(case: Case, directory: Path) -> str:
    policy = directory / f"{case.identity}.json"
    policy.write_text(json.dumps(_config_map(case)))
    environment = {
        "PATH": str(directory / "bin"),
        "HOME": str(directory),
        "KUBECONFIG": str(directory / "kubeconfig"),
    }
    command = (directory / "bin" / "argocd", "admin", "settings", "rbac", "can", *case.told["can"])
    result = subprocess.run(
        (*command, "--policy-file", policy),
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
    )
    said = result.stdout or result.stderr
    return next((answer for words, answer in _ANSWERS.items() if words in said), said)


def _config_map(case: Case) -> dict[str, Any]:
    """`argocd-rbac-cm`, with the lines that Argo CD adds for a project when it asks about one of its objects."""
    told = case.told
    lines = [told.get("policy", ""), *_lines(told.get("project", {}))]
    data = {"policy.csv": "\n".join(line for line in lines if line), **told.get("more", {})}
    settings = {"policy.default": told.get("default"), "policy.matchMode": told.get("mode")}
    data |= {key: value for key, value in settings.items() if value}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "argocd-rbac-cm"}, "data": data}


def _lines(project: Mapping[str, Any]) -> Iterator[str]:
    """The policy lines of a project's roles (Argo CD 3.5.7, ProjectPoliciesString)."""
    for role in project.get("roles", ()):
        subject = f"proj:{project['name']}:{role['name']}"
        yield f"p, {subject}, projects, get, {project['name']}, allow"
        yield from role.get("policies", ())
        yield from (f"g, {group}, {subject}" for group in role.get("groups", ()))
