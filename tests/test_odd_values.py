"""Values of any kind in any place: no rule fails on them, and one that did is one finding beside all others."""

from __future__ import annotations

import contextlib
import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from checking import check, example, lines, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scaffold.errors import ISSUES, ScaffoldError
from scaffold.model import Finding, Repository
from scaffold.rules import RULES

_KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [c.yaml]\n"
_CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n"


_KINDS: dict[str, dict[str, Any]] = {
    "Pod": {
        "apiVersion": "v1",
        "spec": {"containers": [{"name": "web", "image": "a:1", "env": [{"name": "A", "value": "b"}]}]},
    },
    "Secret": {"apiVersion": "v1", "stringData": {"password": "${A}"}, "type": "Opaque"},
    "CronJob": {
        "apiVersion": "batch/v1",
        "spec": {
            "schedule": "* * * * *",
            "jobTemplate": {"spec": {"template": {"spec": {"containers": [{"name": "web", "image": "a:1"}]}}}},
        },
    },
    "Application": {
        "apiVersion": "argoproj.io/v1alpha1",
        "spec": {
            "project": "web",
            "source": {"repoURL": "https://git.example.com/a.git", "path": "a", "targetRevision": "HEAD"},
            "destination": {"name": "in-cluster", "namespace": "web"},
            "syncPolicy": {"automated": {"prune": True}},
        },
    },
    "ApplicationSet": {
        "apiVersion": "argoproj.io/v1alpha1",
        "spec": {
            "goTemplate": True,
            "goTemplateOptions": ["missingkey=error"],
            "generators": [
                {"list": {"elements": [{"name": "web"}]}},
                {
                    "git": {
                        "repoURL": "https://git.example.com/a.git",
                        "revision": "HEAD",
                        "directories": [{"path": "*"}],
                    }
                },
                {"matrix": {"generators": [{"list": {"elements": [{"a": "b"}]}}, {"clusters": {"selector": {}}}]}},
            ],
            "template": {
                "metadata": {"name": "{{ .name }}", "labels": {"a": "b"}},
                "spec": {
                    "project": "web",
                    "sources": [{"repoURL": "https://git.example.com/a.git", "path": "{{ .path.path }}"}],
                    "destination": {"server": "https://kubernetes.default.svc"},
                },
            },
        },
    },
    "AppProject": {
        "apiVersion": "argoproj.io/v1alpha1",
        "spec": {
            "sourceRepos": ["https://git.example.com/*", "!https://git.example.com/b"],
            "destinations": [{"name": "in-cluster", "namespace": "web"}, {"server": "*", "namespace": "!x"}],
            "clusterResourceWhitelist": [{"group": "*", "kind": "Namespace"}],
            "namespaceResourceBlacklist": [{"group": "", "kind": "Secret"}],
            "roles": [{"name": "a", "policies": ["p, proj:web:a, applications, sync, web/*, allow"]}],
        },
    },
    "CustomResourceDefinition": {
        "apiVersion": "apiextensions.k8s.io/v1",
        "spec": {
            "group": "a.b",
            "names": {"kind": "X", "plural": "xs"},
            "scope": "Cluster",
            "versions": [
                {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object"}}}
            ],
        },
    },
    "Kustomization": {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "resources": ["other", "a.yaml", "https://example.com/x"],
        "images": [{"name": "a", "newTag": "1"}],
        "patches": [{"target": {"kind": "Pod"}, "path": "a.yaml"}, {"patch": "kind: Pod"}],
        "configMapGenerator": [
            {"name": "a", "files": ["a=b"], "literals": ["a=b"]},
            {"name": "argocd-rbac-cm", "files": ["policy.csv=a.yaml"], "envs": ["b"], "literals": ["policy.default=a"]},
        ],
        "labels": [{"pairs": {"a": "b"}}],
        "components": ["c"],
        "replacements": [{"source": {"kind": "Pod"}, "targets": [{"select": {"kind": "Pod"}, "fieldPaths": ["a"]}]}],
    },
}
_ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, 0, -1, 1.5, True, "", "{0}", "*", "../..", "a" * 300, [], {}, [None], [[]], {"": None}, {1: 2}]
)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    items = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    for key, inner in items:
        yield value, key
        yield from _places(inner)


@given(st.data())
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_no_rule_fails_on_a_mutated_manifest(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(_KINDS)))
    manifest = {"kind": kind, "metadata": {"name": "web", "labels": {"a": "b"}}, **_KINDS[kind]}
    manifest = _mutated(manifest, data)
    root = tmp_path_factory.mktemp("mutated")
    name = "kustomization.yaml" if kind == "Kustomization" else "manifest.yaml"
    (root / name).write_text(yaml.safe_dump(manifest))
    (root / "a").mkdir()
    (root / "a" / "config.yaml").write_text(_CONFIG)
    others = [
        {**copy.deepcopy(_KINDS[k]), "kind": k, "metadata": {"name": "web"}} for k in ("Application", "AppProject")
    ]
    (root / "a" / "argo.yaml").write_text(yaml.safe_dump_all(others))
    assert not _failures(root)


def _mutated(value: Any, data: st.DataObject) -> Any:
    """The value with some of its parts taken out, or made what nobody would write there."""
    made = copy.deepcopy(value)
    for _ in range(data.draw(st.integers(1, 4))):
        parent, key = data.draw(st.sampled_from(list(_places(made))))
        if data.draw(st.booleans()) or not isinstance(parent, dict):
            parent[key] = copy.deepcopy(data.draw(_ODD))
        else:
            del parent[key]
        if not made:
            break
    return made


@given(st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_no_rule_fails_on_mutated_values_of_argocd_apps(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    spec = {kind: _KINDS[kind]["spec"] for kind in ("Application", "ApplicationSet", "AppProject")}
    values = {
        "applications": {"web": {**spec["Application"], "namespace": "argocd", "additionalLabels": {"a": "b"}}},
        "applicationsets": [{**spec["ApplicationSet"], "name": "web", "finalizers": ["a"]}],
        "projects": {"web": spec["AppProject"]},
    }
    chart = {"apiVersion": "v2", "name": "a", "version": "0.1.0"}
    dependency = {"name": "argocd-apps", "version": "2.0.0", "repository": "https://example.com", "alias": "apps"}
    root = tmp_path_factory.mktemp("mutated")
    (root / "Chart.yaml").write_text(yaml.safe_dump(_mutated({**chart, "dependencies": [dependency]}, data)))
    (root / "values.yaml").write_text(yaml.safe_dump(_mutated({"apps": values}, data)))
    (root / "a").mkdir()
    (root / "a" / "config.yaml").write_text(_CONFIG)
    assert not _failures(root)


@given(st.data())
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_no_rule_fails_on_a_mutated_example(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """What a rule looks at is in the examples of its manual, so that odd values stand where it reads them."""
    rule = RULES[data.draw(st.sampled_from(sorted(RULES)))]
    root = write(tmp_path_factory.mktemp("mutated"), example(rule, data.draw(st.sampled_from(["fails", "passes"]))))
    files = [path for path in sorted(root.rglob("*")) if path.suffix in (".yaml", ".yml")]
    for path in data.draw(st.lists(st.sampled_from(files), min_size=1, max_size=2)) if files else ():
        try:
            documents = list(yaml.safe_load_all(path.read_text()))
        except yaml.YAMLError:
            continue
        if list(_places(documents)):
            path.write_text(yaml.safe_dump_all(_mutated(documents, data)))
    with contextlib.suppress(ScaffoldError):  # as where nothing is left that is a manifest
        assert not _failures(root, profile="strict")


def _flux(group: str, kind: str, **spec: Any) -> dict[str, Any]:
    metadata = {"name": "a", "namespace": "flux-system"}
    return {"apiVersion": f"{group}.toolkit.fluxcd.io/v1", "kind": kind, "metadata": metadata, "spec": spec}


_RULE = {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["create"]}
# What rules have failed on, at the values of their own examples.
_FAILED: list[tuple[str, str, tuple[int | str, ...], Any]] = [
    ("blocked-reference", "clusters/production/web.yaml", (0, "spec", "targetNamespace"), {"a": "b"}),
    ("ignored-resource", "clusters/production/sync.yaml", (0, "spec", "path"), 5),
    ("invalid-schedule", "report.yaml", (0, "spec", "jobTemplate", "spec"), True),
    (
        "refused-flux-field",
        "sources/charts.yaml",
        (0,),
        _flux("notification", "Provider", type=["a"], commitStatusExpr=1),
    ),
    ("unexpanded-variable", "pod.yaml", (0, "spec", "containers", 0, "env", 0, "name"), {}),
    ("unfetchable-source", "sources/repository.yaml", (0,), _flux("source", "GitRepository", verify={"mode": {}})),
    ("untranslated-port", "all.yaml", (2, "spec", "containers", 0, "ports", 0, "containerPort"), [8080]),
    ("void-role-rule", "role.yaml", (0, "rules"), [_RULE | {"resourceNames": ["a"]}, _RULE | {"verbs": [{}]}]),
]


@pytest.mark.parametrize(("name", "path", "pointer", "value"), _FAILED, ids=[case[0] for case in _FAILED])
def test_value_that_a_rule_failed_on(
    name: str, path: str, pointer: tuple[int | str, ...], value: Any, tmp_path: Path
) -> None:
    root = write(tmp_path, example(RULES[name], "fails"))
    documents: Any = list(yaml.safe_load_all((root / path).read_text()))
    held = documents
    for part in pointer[:-1]:
        held = held[part]
    held[pointer[-1]] = value
    (root / path).write_text(yaml.safe_dump_all(documents))
    assert not _failures(root, profile="strict")


def _failures(root: Path, **options: object) -> list[str]:
    """What is said of rules that failed: none ever should."""
    report = check(root, **options)
    return [line for line in lines(report, root) if ISSUES in line]


_SCALARS: st.SearchStrategy[Any] = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
_KEYS = st.sampled_from(
    "spec metadata name namespace labels annotations template source sources generators data resources patches path "
    "containers images image rules roles policies destinations items kind matchLabels selector list git".split()
)
_TREES: st.SearchStrategy[Any] = st.recursive(
    _SCALARS | _KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=25,
)


@given(st.sampled_from(sorted(_KINDS)), st.lists(st.dictionaries(_KEYS, _TREES, max_size=6), min_size=1, max_size=3))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_no_rule_fails_on_any_tree(tmp_path_factory: pytest.TempPathFactory, kind: str, trees: list[Any]) -> None:
    root = tmp_path_factory.mktemp("any")
    version = _KINDS[kind]["apiVersion"]
    named = [{"apiVersion": version, "kind": kind, "metadata": {"name": f"x{n}"}, **t} for n, t in enumerate(trees)]
    (root / "manifests.yaml").write_text(yaml.safe_dump_all(named))
    (root / "kustomization.yaml").write_text(yaml.safe_dump({"resources": ["manifests.yaml"], **trees[0]}))
    assert not _failures(root)


@pytest.mark.parametrize("rule", ["plain-secret", "floating-image", "missing-resource", "unused-ignore"])
def test_rule_that_fails_is_one_finding_beside_all_others(
    rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(repository: Repository) -> Iterator[Finding]:
        manifest = next(repository.manifests())
        yield Finding(manifest.place("kind"), rule, "found before it failed")
        raise TypeError(f"no {manifest.kind} here")

    monkeypatch.setattr(RULES[rule], "check", fail)
    root = write(tmp_path, f"# a.yaml\n{_CONFIG}# b/kustomization.yaml\n{_KUSTOMIZATION}# b/c.yaml\n{_BAD}")
    report = check(root)
    failed = [finding for finding in report.findings if finding.rule == rule and ISSUES in finding.message]
    assert any(finding.message == "found before it failed" for finding in report.findings)
    assert any(finding.rule == "schema-violation" for finding in report.findings)
    for finding in failed:
        assert re.fullmatch(
            rf"rule '{rule}' failed here, TypeError: .* here at \w+\.py:\d+, .*{ISSUES}", finding.message
        )
    assert {finding.location.path for finding in failed} == _PLACES[rule]


_BAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndatum: {}\n"
_PLACES = {
    "plain-secret": {"a.yaml", "b/c.yaml", "b/kustomization.yaml"},
    "floating-image": {"b/kustomization.yaml"},
    "missing-resource": {"b/kustomization.yaml"},
    "unused-ignore": {"b/kustomization.yaml"},
}
