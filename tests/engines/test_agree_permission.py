"""What AppProjects permit: each case given to the real controller, all at once, and to our prediction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from engines import argocd, permissions
from engines.argocd import ArgoCD
from engines.control_plane import ControlPlane
from engines.fleets import hold
from engines.permissions import CASES, Case
from engines.processes import Keeper
from engines.remotes import Remote
from scaffold.expand.permission import (
    Verdict,
    application_namespace_permitted,
    destination_permitted,
    kind_permitted,
    resolve_destination,
    source_permitted,
    with_globals,
)

_SECONDS = 120
_OF_THE_CLUSTER = ("Namespace", "ClusterRole")
_REFUSALS = {
    "sources": "application repo ",
    "destinations": "do not match any of the allowed destinations",
    "namespaces": " to use project ",
}


class _Watching(ArgoCD):
    """An Argo CD that also looks at applications in the namespaces of teams."""

    def __init__(self, control: ControlPlane) -> None:
        super().__init__(control)
        self._environment["ARGOCD_APPLICATION_NAMESPACES"] = "team-*"


@pytest.fixture(scope="module")
def watching(_programs: None, _own_git: None) -> Iterator[ArgoCD]:
    """Nothing runs in this cluster, so an API server is enough."""
    with Keeper() as keeper:
        control = ControlPlane(keeper)
        control.serve()
        running = _Watching(control)
        running.install()
        yield running


@pytest.fixture(scope="module")
def verdicts(watching: ArgoCD, tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What the controller refuses of every case."""
    directory = tmp_path_factory.mktemp("agree")
    permissions.write(directory / "tree")
    remote = Remote(directory / "remote")
    remote.push(directory / "tree")
    watching.kube.apply(*permissions.world(), namespace=argocd.NAMESPACE)
    # What the controller once knew of a project it keeps until the project changes.
    hold(2)
    watching.kube.apply(*map(permissions.project, CASES), namespace=argocd.NAMESPACE)
    watching.kube.apply(*(permissions.application(case, remote.url) for case in CASES))
    return {case.identity: _verdict(watching, case) for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.identity}: {case.told['case']}")
def test_a_project_permits_what_is_predicted(case: Case, verdicts: Mapping[str, set[str]]) -> None:
    assert verdicts[case.identity] == case.refused
    predicted = dict(_predicted(case))
    assert not [verdict for verdict in predicted.values() if verdict.unverifiable]
    assert {name for name, verdict in predicted.items() if not verdict.allowed} == verdicts[case.identity]


def _predicted(case: Case) -> Iterator[tuple[str, Verdict]]:
    project = permissions.project(case)
    if case.told.get("governed"):
        project = with_globals(project, [permissions.everywhere()])
    clusters = permissions.clusters(case)
    spec = permissions.spec(case, "")
    if case.about == "sources":
        found = [source_permitted(project, source["repoURL"]) for source in spec.get("sources") or [spec["source"]]]
        yield case.about, next((verdict for verdict in found if not verdict.allowed), found[0])
    elif case.about == "destinations":
        yield (
            case.about,
            destination_permitted(project, resolve_destination(spec["destination"], clusters), clusters),
        )
    elif case.about == "namespaces":
        yield case.about, application_namespace_permitted(project, case.namespace, argocd.NAMESPACE)
    else:
        for name in case.told["objects"]:
            yield name, _kind_permitted(project, case, name)


def _kind_permitted(project: Mapping[str, Any], case: Case, name: str) -> Verdict:
    item = permissions.manifest(case, name)
    group = item["apiVersion"].rpartition("/")[0]
    namespaced = item["kind"] not in _OF_THE_CLUSTER
    return kind_permitted(project, group, item["kind"], item["metadata"]["name"], namespaced=namespaced)


def _verdict(argo: ArgoCD, case: Case) -> set[str]:
    def read() -> Any:
        return argo.kube.get(argocd.API, "Application", case.namespace, case.identity)

    if case.about != "kinds":
        said = argo.control.keeper.wait(f"{case.identity} is judged", _SECONDS, lambda: _judged(read()))
        return {case.about} if _REFUSALS[case.about] in said else set()
    operation = {"operation": {"sync": {"dryRun": True, "revision": "HEAD"}}}
    argo.kube.patch(argocd.API, "Application", case.namespace, case.identity, operation)
    result = argo.control.keeper.wait(f"{case.identity} is tried out", _SECONDS, lambda: _finished(read()))
    refused = [(item["version"], item["group"], item["kind"], item["name"]) for item in result if _forbidden(item)]
    return {name for name in case.told["objects"] if _key(permissions.manifest(case, name)) in refused}


def _judged(application: Mapping[str, Any]) -> str:
    """What the controller says, once it refuses something; before it may not know the project yet."""
    said = "; ".join(argocd.conditions(application))
    return said if any(refusal in said for refusal in _REFUSALS.values()) else ""


def _finished(application: Mapping[str, Any]) -> list[Any]:
    state = application.get("status", {}).get("operationState", {})
    return list(state.get("syncResult", {}).get("resources", ())) if state.get("finishedAt") else []


def _forbidden(result: Mapping[str, Any]) -> bool:
    return "is not permitted in project" in result.get("message", "")


def _key(item: Mapping[str, Any]) -> tuple[str, str, str, str]:
    group, _, version = item["apiVersion"].rpartition("/")
    return version, group, item["kind"], item["metadata"]["name"]
