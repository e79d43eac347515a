"""Which replicas kustomize-controller sets back after an autoscaler has changed them: the cases of `reset-replicas`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from engines.flux import KUSTOMIZATION, NAMESPACE, SOURCE, Flux, ready
from engines.git_http import served
from engines.remotes import Remote

_CASES = Path(__file__).parents[1] / "cases/reset-replicas"
_ELSEWHERE = ("ScaledObject", "suspend: true", "name: void")  # needs KEDA, does nothing, cannot be applied
_TOLD = re.compile(r"resets replicas of (\w+) '([\w-]+)'")
_KINDS = ("Deployment", "StatefulSet")
_SECONDS = 60
_SCALED = 5  # a number that no case asks for
_REQUEST = {"metadata": {"annotations": {"reconcile.fluxcd.io/requestedAt": "after the autoscaler"}}}
_Workload = tuple[str, str]


def _texts(case: Path) -> list[str]:
    return [path.read_text() for path in sorted(case.rglob("*.yaml"))]


CASES = [c for c in sorted(_CASES.iterdir()) if not any(word in text for text in _texts(c) for word in _ELSEWHERE)]


def _sync(case: Path) -> dict[str, Any]:
    """The Kustomization of a case, in a directory and a namespace of its own."""
    found: dict[str, Any] = yaml.safe_load((case / "sync.yaml").read_text())
    told = {**found["spec"], "path": f"./{case.name}/{found['spec']['path']}", "targetNamespace": case.name}
    told["sourceRef"] = {"kind": SOURCE[1], "name": "replicas"}
    return {**found, "metadata": {"name": case.name, "namespace": NAMESPACE}, "spec": told}


@pytest.fixture(scope="module")
def after(flux: Flux, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[_Workload, int]]]:
    """The replicas of each case's workloads when all were scaled, and Flux has come by once more."""
    directory = tmp_path_factory.mktemp("replicas")
    (directory / "remote").mkdir()
    with served(directory / "remote") as address:
        remote = Remote(directory / "remote", address)
        remote.push(_CASES)
        source = {"interval": "1h", "url": remote.url, "ref": {"branch": "main"}}
        metadata = {"name": "replicas", "namespace": NAMESPACE}
        flux.kube.apply({"apiVersion": SOURCE[0], "kind": SOURCE[1], "metadata": metadata, "spec": source})
        for case in CASES:
            flux.kube.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": case.name}}, _sync(case))
        flux.control.keeper.wait("all is applied", _SECONDS, lambda: all(ready(item) for item in _syncs(flux)))
        for case in CASES:
            for kind, name in _workloads(flux, case):
                flux.kube.patch("apps/v1", kind, case.name, name, {"spec": {"replicas": _SCALED}})
            flux.kube.patch(*KUSTOMIZATION, NAMESPACE, case.name, _REQUEST)
        flux.control.keeper.wait("Flux has come by", _SECONDS, lambda: all(map(_has_answered, _syncs(flux))))
        yield {case.name: _workloads(flux, case) for case in CASES}
        for case in CASES:
            flux.kube.delete(*KUSTOMIZATION, NAMESPACE, case.name)
        flux.kube.delete(*SOURCE, NAMESPACE, "replicas")


def _syncs(flux: Flux) -> list[Any]:
    return [flux.kube.get(*KUSTOMIZATION, NAMESPACE, case.name) for case in CASES]


def _has_answered(item: Any) -> bool:
    asked = item["metadata"]["annotations"]["reconcile.fluxcd.io/requestedAt"]
    return bool(item["status"].get("lastHandledReconcileAt") == asked) and ready(item)


def _workloads(flux: Flux, case: Path) -> dict[_Workload, int]:
    return {
        (kind, item["metadata"]["name"]): item["spec"]["replicas"]
        for kind in _KINDS
        for item in flux.kube.items("apps/v1", kind, case.name)
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_flux_resets_what_is_told(case: Path, after: dict[str, dict[_Workload, int]]) -> None:
    told = {(found[1], found[2]) for found in _TOLD.finditer((case / "expected.txt").read_text())}
    assert after[case.name]
    assert {workload for workload, number in after[case.name].items() if number != _SCALED} == told
