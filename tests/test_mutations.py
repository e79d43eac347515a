"""Fifty mutations of real manifests, each in the base file of a repository with two overlays, and each found there."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from checking import check, lines, write

from scaffold.model import dig

_MANIFESTS = yaml.safe_load_all((Path(__file__).parent / "fixtures" / "mutations.yaml").read_text())
_OBJECTS: dict[str, Any] = {manifest["kind"]: manifest for manifest in _MANIFESTS}


class _Mutation(NamedTuple):
    kind: str
    pointer: tuple[str | int, ...]
    change: str
    value: Any = None


def _mutations() -> Iterator[_Mutation]:
    for kind, fields in _MISSPELLED.items():
        yield from (_Mutation(kind, field, "misspelled") for field in fields)
    for kind, changes in _WRONG.items():
        yield from (_Mutation(kind, field, "wrong", value) for field, value in changes)
    for kind, fields in _REMOVED.items():
        yield from (_Mutation(kind, field, "removed") for field in fields)


_POD = ("spec", "template", "spec")
_WEB = (*_POD, "containers", 0)
_MISSPELLED: dict[str, list[tuple[str | int, ...]]] = {
    "Deployment": [
        ("spec",),
        ("spec", "replicas"),
        ("spec", "strategy", "rollingUpdate"),
        (*_POD, "securityContext"),
        (*_WEB, "resources"),
        (*_WEB, "readinessProbe", "httpGet"),
        (*_WEB, "ports", 0, "containerPort"),
        (*_WEB, "env", 0, "valueFrom"),
    ],
    "Service": [("spec", "selector"), ("spec", "ports", 0, "targetPort")],
    "Ingress": [("spec", "rules", 0, "http", "paths", 0, "pathType"), ("spec", "ingressClassName")],
    "HorizontalPodAutoscaler": [("spec", "maxReplicas"), ("spec", "metrics", 0, "resource", "target")],
    "NetworkPolicy": [("spec", "podSelector")],
    "CronJob": [("spec", "schedule"), ("spec", "concurrencyPolicy")],
    "ConfigMap": [("data",)],
    "ServiceMonitor": [("spec", "endpoints"), ("spec", "endpoints", 0, "interval")],
    "ExternalSecret": [("spec", "secretStoreRef"), ("spec", "refreshInterval")],
}
_WRONG: dict[str, list[tuple[tuple[str | int, ...], Any]]] = {
    "Deployment": [
        (("spec", "replicas"), "2"),
        (("metadata", "labels", "app"), 3),
        ((*_WEB, "env", 1, "value"), True),
        ((*_WEB, "args"), "--verbose"),
        ((*_WEB, "imagePullPolicy"), ["IfNotPresent"]),
        ((*_WEB, "readinessProbe", "periodSeconds"), "10s"),
        ((*_POD, "containers"), {"name": "web"}),
        ((*_WEB, "resources", "limits", "memory"), "128 MB"),
    ],
    "Service": [(("spec", "ports", 0, "port"), "http"), (("spec", "type"), 1)],
    "HorizontalPodAutoscaler": [(("spec", "minReplicas"), "one")],
    "PodDisruptionBudget": [(("spec", "minAvailable"), 1.5)],
    "CronJob": [(("spec", "suspend"), "false")],
    "ConfigMap": [(("data", "mode"), 3)],
    "Role": [(("rules", 0, "verbs"), "get")],
    "ServiceMonitor": [(("spec", "endpoints"), {"port": "http"})],
    "ExternalSecret": [(("spec", "dataFrom"), "web")],
}
_REMOVED: dict[str, list[tuple[str | int, ...]]] = {
    "Deployment": [("spec", "selector"), (*_POD, "containers"), (*_WEB, "name"), (*_WEB, "ports", 0, "containerPort")],
    "Service": [("spec", "ports", 0, "port")],
    "Ingress": [("spec", "rules", 0, "http", "paths", 0, "pathType")],
    "HorizontalPodAutoscaler": [("spec", "scaleTargetRef"), ("spec", "maxReplicas")],
    "CronJob": [("spec", "jobTemplate")],
    "RoleBinding": [("roleRef",), ("subjects", 0, "name")],
    "Role": [("rules", 0, "verbs")],
    "ServiceMonitor": [("spec", "selector")],
}
_ALL = list(_mutations())


def _mutated(mutation: _Mutation) -> dict[str, Any]:
    manifest: dict[str, Any] = copy.deepcopy(_OBJECTS[mutation.kind])
    parent, last = dig(manifest, *mutation.pointer[:-1]), mutation.pointer[-1]
    assert last in parent
    if mutation.change == "wrong":
        parent[last] = mutation.value
        return manifest
    value = parent.pop(last)
    if mutation.change == "misspelled":
        assert isinstance(last, str)
        parent[last + last[-1]] = value
    return manifest


def _repository(root: Path, manifests: dict[str, Any]) -> Path:
    names = "".join(f"  - {kind.lower()}.yaml\n" for kind in manifests)
    write(root, f"# base/kustomization.yaml\nresources:\n{names}")
    for name in ("dev", "production"):
        write(root, f"# overlays/{name}/kustomization.yaml\nnamePrefix: {name}-\nresources:\n  - ../../base\n")
    for kind, manifest in manifests.items():
        (root / "base" / f"{kind.lower()}.yaml").write_text(yaml.safe_dump(manifest, sort_keys=False))
    return root


def test_the_manifests_are_clean(tmp_path: Path) -> None:
    root = _repository(tmp_path, _OBJECTS)
    assert lines(check(root), root) == []


def test_there_are_fifty() -> None:
    assert len(_ALL) >= 50
    assert len({mutation[:3] for mutation in _ALL}) == len(_ALL)


@pytest.mark.parametrize("mutation", _ALL, ids=lambda m: f"{m.change} {m.kind} {'.'.join(map(str, m.pointer))}")
def test_found_once_in_the_file_and_for_what_it_is(mutation: _Mutation, tmp_path: Path) -> None:
    root = _repository(tmp_path, {**_OBJECTS, mutation.kind: _mutated(mutation)})
    report = check(root)
    assert [f.location.path for f in report.findings] == [f"base/{mutation.kind.lower()}.yaml"], lines(report, root)
