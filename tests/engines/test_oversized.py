"""How large an object may be that Argo CD applies on the client, and that it may be larger on the server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from engines import argocd
from engines.argocd import ArgoCD
from engines.remotes import Remote
from scaffold.expand.client_side import LIMIT, too_large

_OPTIONS: Mapping[str, list[str]] = {"client": [], "server": ["ServerSideApply=true"], "replace": ["Replace=true"]}
_SAYS = "metadata.annotations: Too long"


def _config(name: str, size: int) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"text": "a" * size}}


@pytest.fixture(scope="module")
def results(argo: ArgoCD, tmp_path_factory: pytest.TempPathFactory, _own_git: None) -> Iterator[Mapping[str, str]]:
    """What each way of applying one object that is just too large, and the same a little smaller, came to."""
    directory = tmp_path_factory.mktemp("oversized")
    remote = Remote(directory / "remote")
    for name, size in (("large", LIMIT), ("small", LIMIT - 1000)):
        item = _config("web", size)
        assert too_large(item) is (name == "large")
        (directory / f"tree/{name}").mkdir(parents=True)
        (directory / f"tree/{name}/config.yaml").write_text(str(item).replace("'", '"'))
    remote.push(directory / "tree")
    cases = {**{f"large-{how}": ("large", options) for how, options in _OPTIONS.items()}, "small-client": ("small", [])}
    argo.kube.apply(
        *(_namespace(name) for name in cases), *(_application(remote, name, *cases[name]) for name in cases)
    )
    yield {name: _outcome(argo, name) for name in cases}
    for name in cases:
        argo.kube.delete(argocd.API, "Application", argocd.NAMESPACE, name)


def _namespace(name: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def _application(remote: Remote, name: str, path: str, options: list[str]) -> dict[str, Any]:
    source = {"repoURL": remote.url, "path": path, "targetRevision": "main"}
    destination = {"server": "https://kubernetes.default.svc", "namespace": name}
    policy = {"automated": {}, "syncOptions": options, "retry": {"limit": 1}}
    spec = {"project": "default", "source": source, "destination": destination, "syncPolicy": policy}
    metadata = {"name": name, "namespace": argocd.NAMESPACE}
    return {"apiVersion": argocd.API, "kind": "Application", "metadata": metadata, "spec": spec}


def _outcome(argo: ArgoCD, name: str) -> str:
    """The word of the controller once it has applied, or has given up."""

    def ended() -> Mapping[str, Any]:
        found: Mapping[str, Any] = argo.applications()[name].get("status", {}).get("operationState", {})
        return found if found.get("phase") in ("Succeeded", "Failed", "Error") else {}

    state = argo.control.keeper.wait(f"{name} is applied or given up", 120, ended)
    return "" if state["phase"] == "Succeeded" else str(state)


def test_the_last_applied_configuration_has_to_fit_into_an_annotation(results: Mapping[str, str]) -> None:
    assert _SAYS in results["large-client"]
    assert {name: said for name, said in results.items() if name != "large-client"} == {
        "large-server": "",
        "large-replace": "",
        "small-client": "",
    }
