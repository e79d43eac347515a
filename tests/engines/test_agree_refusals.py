"""What Argo CD refuses: each Application given to the controller, each project to the API, and both to our rules."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from engines import argocd, refusals
from engines.argocd import ArgoCD
from engines.refusals import APPLICATIONS, PROJECTS, Case
from engines.remotes import Remote

_SECONDS = 120


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory, _own_git: None) -> Remote:
    directory = tmp_path_factory.mktemp("refusals")
    made = Remote(directory / "remote")
    made.push(refusals.tree(directory / "tree"))
    return made


@pytest.fixture(scope="module")
def conditions(argo: ArgoCD, remote: Remote) -> Mapping[str, str]:
    """What the controller says of every application."""
    argo.kube.apply(*(refusals.application(case, remote.url) for case in APPLICATIONS))
    return {case.identity: _said(argo, case) for case in APPLICATIONS}


@pytest.fixture(scope="module")
def answers(argo: ArgoCD) -> Mapping[str, str]:
    """Why the API refuses each project, empty for one that it takes."""
    client = argo.administrator()
    found = {}
    for case in PROJECTS:
        answer = client.ask("POST", "/api/v1/projects", {"project": refusals.project(case)})
        found[case.identity] = "" if answer.ok else answer.message
    return found


@pytest.mark.parametrize("case", APPLICATIONS, ids=lambda case: f"{case.identity}: {case.told['case']}")
def test_an_application_is_refused_as_predicted(
    case: Case, conditions: Mapping[str, str], remote: Remote, tmp_path: Path
) -> None:
    _agree(case, conditions[case.identity], refusals.application(case, remote.url), remote.url, tmp_path)


@pytest.mark.parametrize("case", PROJECTS, ids=lambda case: f"{case.identity}: {case.told['case']}")
def test_a_project_is_refused_as_predicted(case: Case, answers: Mapping[str, str], tmp_path: Path) -> None:
    _agree(case, answers[case.identity], refusals.project(case), "", tmp_path)


def _agree(case: Case, said: str, manifest: Mapping[str, Any], url: str, root: Path) -> None:
    expected = case.told.get("says", "")
    assert expected in said
    assert bool(said) is bool(expected)
    assert refusals.reported(manifest, url, root) == ({case.told["rule"]} if "rule" in case.told else set())


def _said(argo: ArgoCD, case: Case) -> str:
    """The conditions of an application, once it has been refused, or compared as it stands.

    The controller compares first and then takes empty parts out of the spec, which it compares anew (Argo CD 3.5.7,
    `normalizeApplication`): what it says of a spec that is not there any more is no answer.
    """

    def read() -> Mapping[str, Any]:
        found: Mapping[str, Any] = argo.kube.get(argocd.API, "Application", argocd.NAMESPACE, case.identity)
        judged = argocd.conditions(found) or argocd.state(found)[0] not in ("", "Unknown")
        return found if judged and _is_current(found) else {}

    found = argo.control.keeper.wait(f"{case.identity} is judged", _SECONDS, read)
    return "; ".join(argocd.conditions(found))


def _is_current(application: Mapping[str, Any]) -> bool:
    compared = application["status"].get("sync", {}).get("comparedTo", {})
    return all(application["spec"].get(key) == compared[key] for key in ("source", "sources") if compared.get(key))
