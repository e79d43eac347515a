"""Who may do what: each case asked of `argocd admin settings rbac can`, whose answer the case records."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engines import binaries, policies
from engines.admin import NO_CLUSTER
from engines.policies import CASES, Case

_SECONDS = 60
_ANSWERS = {
    "invalid user policy": "bad policy",
    "error in RBAC request": "bad question",
    "Yes": "yes",
    "No": "no",
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory, _programs: None) -> Mapping[str, str]:
    """What the engine says to every case; it takes no control plane."""
    directory = tmp_path_factory.mktemp("rbac")
    binaries.directory(directory / "bin")
    (directory / "kubeconfig").write_text(json.dumps(NO_CLUSTER))
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda case: _asked(case, directory), CASES)
        return {case.identity: answer for case, answer in zip(CASES, found, strict=True)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.identity}: {case.told['case']}")
def test_a_policy_answers_what_is_predicted(case: Case, answers: Mapping[str, str]) -> None:
    assert answers[case.identity] == case.told["answer"]
    assert policies.predicted(case) == answers[case.identity]


def _asked(case: Case, directory: Path) -> str:
    policy = directory / f"{case.identity}.json"
    policy.write_text(json.dumps(policies.config_map(case)))
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
