"""Hostile and broken repositories: a run ends with findings or one clear error, never in a traceback or silence."""

from __future__ import annotations

import contextlib
import copy
import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from checking import check, example, lines, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scaffold import discover, load
from scaffold.errors import ISSUES, ScaffoldError
from scaffold.model import Finding, Repository
from scaffold.render import kustomize, started
from scaffold.render.builders import Builder
from scaffold.rules import RULES
from scaffold.validate import Options, validate

_CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n"


def _rules(root: Path) -> list[str]:
    return sorted({finding.rule for finding in check(root).findings})


def _bomb() -> str:
    levels = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    for before, after in zip("abcdefghi", "bcdefghij", strict=True):
        levels.append(f"{after}: &{after} [{', '.join([f'*{before}'] * 10)}]")
    return _CONFIG + "data:\n" + "".join(f"  {level}\n" for level in levels)


TEXTS: dict[str, tuple[str, list[str]]] = {
    "alias bomb": (_bomb(), ["yaml-syntax"]),
    "alias of itself": (_CONFIG + "data: &x\n  a: *x\n", ["yaml-syntax"]),
    "100,000 brackets": (_CONFIG + "data: " + "[" * 100_000, ["yaml-syntax"]),
    "100,000 brackets that close": (_CONFIG + "data: " + "[" * 100_000 + "]" * 100_000, ["yaml-syntax"]),
    "100,000 dashes": ("- " * 100_000 + "x", ["yaml-syntax"]),
    "control character": (_CONFIG + "data:\n  a: \x07\n", ["yaml-syntax"]),
    "metadata is a list": ("apiVersion: v1\nkind: ConfigMap\nmetadata: []\n", ["schema-violation"]),
    "metadata is null": ("apiVersion: v1\nkind: ConfigMap\nmetadata:\n", ["schema-violation"]),
    "spec is a text": ("apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: x\n", ["schema-violation"]),
    "containers are a mapping": (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: {name: x}}\n",
        ["schema-violation"],
    ),
    "containers are numbers": (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [1, null, [2]]}\n",
        ["schema-violation"],
    ),
    "application without a spec": (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: x}\n",
        ["schema-violation"],
    ),
    "application with odd types": (
        (
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: x}\n"
            "spec: {project: 1, source: [x], sources: {a: b}, destination: x, syncPolicy: 3}\n"
        ),
        ["schema-violation"],
    ),
    "set with odd types": (
        (
            "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: x}\n"
            "spec: {generators: [1, {git: x}, {matrix: {generators: 3}}], template: x, goTemplate: true}\n"
        ),
        ["failing-generator", "schema-violation", "unchecked-template-key"],
    ),
    "project with odd types": (
        (
            "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: x}\n"
            "spec: {sourceRepos: x, destinations: [x, 1], roles: [{name: x, policies: [1]}], "
            "clusterResourceWhitelist: {}}\n"
        ),
        ["schema-violation"],
    ),
    "secret with odd types": (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData: [x]\ndata: {a: 1}\n",
        ["schema-violation"],
    ),
    "definition with odd types": (
        (
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x}\n"
            "spec: {group: x, names: [], scope: 3, versions: [1, {name: v1, schema: "
            "{openAPIV3Schema: {properties: []}}}]}\n"
        ),
        ["schema-violation"],
    ),
    "definition whose properties are texts": (
        (
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x}\n"
            "spec: {group: x.io, names: {kind: X}, scope: Cluster, versions: [{name: v1, schema: "
            "{openAPIV3Schema: {type: object, properties: {spec: x}, required: 3, anyOf: [1]}}}]}\n"
        ),
        ["schema-violation"],
    ),
    "keys that are no texts": (_CONFIG + "data:\n  1: x\n  2.5: b\n  null: c\n  true: a\n", []),
    "braces in a name": (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: '{0}{1}{x}%s'}\nspec: {containers: []}\n",
        ["invalid-name"],
    ),
    "list of 10,000": (
        _CONFIG
        + "---\napiVersion: v1\nkind: List\nitems:\n"
        + "  - {apiVersion: v1, kind: ConfigMap, metadata: {name: x}}\n" * 10_000,
        [],
    ),
    "only separators beside a manifest": (_CONFIG + "---\n---\n---\n# nothing\n---\n", []),
}


@pytest.mark.parametrize("name", TEXTS)
def test_text(name: str, tmp_path: Path) -> None:
    text, expected = TEXTS[name]
    (tmp_path / "a.yaml").write_text(text)
    assert _rules(tmp_path) == expected


@pytest.mark.parametrize("name", TEXTS)
def test_text_below_a_kustomization(name: str, tmp_path: Path) -> None:
    text, expected = TEXTS[name]
    write(tmp_path, "# kustomization.yaml\nresources:\n  - a.yaml\n")
    (tmp_path / "a.yaml").write_text(text)
    report = check(tmp_path)
    assert report.findings or not expected
    assert report.summary.overlays == 1 or report.findings


KUSTOMIZATIONS = {
    "resources are null": ("resources:\nnamespace: x\n", []),
    "resources of odd types": ("resources: [1, {}, null, [x]]\n", ["invalid-kustomization"]),
    "resources are a text": ("resources: config.yaml\n", ["invalid-kustomization"]),
    "patches of odd types": (
        "resources: [config.yaml]\npatches: [1, {path: 3}, {target: x}]\n",
        ["invalid-kustomization"],
    ),
    "images of odd types": ("resources: [config.yaml]\nimages: [x, {name: 1}]\n", ["invalid-kustomization"]),
    "refers to itself": ("resources: [., config.yaml]\n", ["render-failure"]),
    "refers to its parent": ("resources: [.., config.yaml]\n", ["missing-resource"]),
    "path out of the repository": ("resources: [../../../../etc/passwd]\n", ["missing-resource"]),
    "absolute path": ("resources: [/etc/passwd]\n", ["missing-resource"]),
    "a list": ("- a\n- b\n", ["invalid-kustomization"]),
    "a text": ("just text\n", ["invalid-kustomization"]),
    "nothing": ("", ["invalid-kustomization"]),
    "only a separator": ("---\n", ["invalid-kustomization"]),
    "kind is a number": ("kind: 3\nresources: [config.yaml]\n", ["render-failure"]),
    "pattern that is none": (
        "resources: [config.yaml]\npatches:\n- target: {kind: '['}\n  patch: |\n    - {op: add, path: /data}\n",
        ["render-failure"],
    ),
}


@pytest.mark.parametrize("name", KUSTOMIZATIONS)
def test_kustomization(name: str, tmp_path: Path) -> None:
    text, expected = KUSTOMIZATIONS[name]
    (tmp_path / "kustomization.yaml").write_text(text)
    (tmp_path / "config.yaml").write_text(_CONFIG)
    found = [rule for rule in _rules(tmp_path) if rule != "orphan-manifest"]
    assert found == expected, lines(check(tmp_path), tmp_path)


def _dangling(root: Path) -> None:
    (root / "gone.yaml").symlink_to("nothing.yaml")


def _leaving(root: Path) -> None:
    (root / "passwd.yaml").symlink_to("/etc/passwd")


def _leaving_directory(root: Path) -> None:
    (root / "etc").symlink_to("/etc")


def _looping(root: Path) -> None:
    (root / "loop").symlink_to(".")
    (root / "a.yaml").symlink_to("b.yaml")
    (root / "b.yaml").symlink_to("a.yaml")


def _huge(root: Path) -> None:
    with (root / "huge.yaml").open("wb") as file:
        file.truncate(21 * 1024 * 1024)


def _pipe(root: Path) -> None:
    os.mkfifo(root / "pipe.yaml")


def _directory_called_like_a_file(root: Path) -> None:
    (root / "directory.yaml").mkdir()
    (root / "kustomization.yaml").mkdir()


TREES: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "dangling link": (_dangling, ["gone.yaml"]),
    "link out of the repository": (_leaving, ["passwd.yaml"]),
    "link to a directory outside": (_leaving_directory, ["etc"]),
    "links in a circle": (_looping, ["a.yaml", "b.yaml"]),
    "huge file": (_huge, ["huge.yaml"]),
    "named pipe": (_pipe, ["pipe.yaml"]),
    "directories called like files": (_directory_called_like_a_file, []),
}


@pytest.mark.parametrize("name", TREES)
def test_tree(name: str, tmp_path: Path) -> None:
    make, skipped = TREES[name]
    (tmp_path / "config.yaml").write_text(_CONFIG)
    make(tmp_path)
    report = check(tmp_path)
    assert not report.findings
    assert [item.path for item in report.summary.skipped] == skipped
    assert report.summary.overlays == 1


_SCRIPTS = ["a" * 2_000_000, "${" * 1_000_000, "$(" * 1_000_000, "a/" * 1_000_000 + ".yaml"]
_MANUALS = ["kubectl " * 200_000, "kubectl apply " * 100_000, "kubectl apply\n" * 100_000]


@pytest.mark.parametrize(
    ("name", "text"), [*(("run.sh", text) for text in _SCRIPTS), *(("README.md", text) for text in _MANUALS)]
)
def test_text_without_an_end(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "kustomization.yaml").write_text(_KUSTOMIZATION)
    (tmp_path / "c.yaml").write_text(_CONFIG)
    (tmp_path / name).write_text(text)
    begun = time.monotonic()
    assert not check(tmp_path).findings
    assert time.monotonic() - begun < 10


_TENANT = """
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: source-{n}, namespace: tenant-{n}}}
spec: {{interval: 1m, url: "https://git.example.com/tenant-{n}/deploy.git"}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: apps-{n}, namespace: tenant-{n}}}
spec:
  interval: 10m
  path: ./apps
  prune: true
  serviceAccountName: tenant-{n}
  dependsOn: [{{name: gone-{n}}}]
  sourceRef: {{kind: GitRepository, name: source-{n}}}
"""
_SYNC = """
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: "https://git.example.com/platform/fleet.git"}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 10m, path: ./cluster, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}
"""
_TENANTS = 400


def test_many_tenants_in_one_file(tmp_path: Path) -> None:
    """What is asked of each is not asked of all the others: with 400 of them that took 16 s, and with 1,000 minutes."""
    (tmp_path / ".gitops-scaffold.yaml").write_text("repository: https://git.example.com/platform/fleet.git\n")
    (tmp_path / "cluster").mkdir()
    (tmp_path / "cluster/sync.yaml").write_text(_SYNC)
    (tmp_path / "cluster/tenants.yaml").write_text("---".join(_TENANT.format(n=n) for n in range(_TENANTS)))
    started = time.monotonic()
    report = check(tmp_path)
    assert time.monotonic() - started < 10
    assert len(report.summary.skipped) == _TENANTS


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read everything")
def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    write(tmp_path, "# config.yaml\n" + _CONFIG + "# closed/config.yaml\n" + _CONFIG + "# secret.yaml\n" + _CONFIG)
    (tmp_path / "closed").chmod(0)
    (tmp_path / "secret.yaml").chmod(0)
    try:
        report = check(tmp_path)
    finally:
        (tmp_path / "closed").chmod(stat.S_IRWXU)
    assert {item.path for item in report.summary.skipped} == {"closed", "secret.yaml"}


def test_file_that_vanishes_after_the_walk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "# kustomization.yaml\nresources:\n  - a.yaml\n# a.yaml\n" + _CONFIG)
    walked = discover.tree

    def walk(root: Path) -> discover.Tree:
        tree = walked(root)
        (root / "a.yaml").unlink(missing_ok=True)
        return tree

    monkeypatch.setattr(discover, "tree", walk)
    report = check(tmp_path)
    assert report.findings or report.summary.skipped


def _program(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


_VERSION = 'if [ "$1" = version ]; then echo v5.8.1; exit 0; fi\n'


def test_kustomize_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(started, "_SECONDS", 0.5)
    root = write(tmp_path / "repository", "# kustomization.yaml\nresources:\n  - a.yaml\n# a.yaml\n" + _CONFIG)
    report = check(root, kustomize=_program(tmp_path / "kustomize", _VERSION + "exec sleep 60"))
    assert [finding.rule for finding in report.findings] == ["render-failure"]
    assert "no result in" in report.findings[0].message


@pytest.mark.parametrize(
    "script",
    [
        "echo 'a: [b'",
        "echo 'a: b'",
        "echo '- a'",
        "printf '\\377\\376'",
        "kill -9 $$",
        "echo 'apiVersion: v1'; echo 'kind: ConfigMap'; echo 'metadata: []'",
    ],
    ids=["no YAML", "no object", "a list", "no text", "killed", "odd metadata"],
)
def test_kustomize_that_prints_nonsense(script: str, tmp_path: Path) -> None:
    root = write(tmp_path / "repository", "# kustomization.yaml\nresources:\n  - a.yaml\n# a.yaml\n" + _CONFIG)
    report = check(root, kustomize=_program(tmp_path / "kustomize", _VERSION + script))
    assert {finding.rule for finding in report.findings} <= {"render-failure", "schema-violation"}
    assert len(report.findings) >= 1


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_terminated_run_leaves_nothing(jobs: str, tmp_path: Path) -> None:
    """A runner that cancels a job sends SIGTERM, which would end Python without its finally."""
    for number in range(4):
        write(tmp_path / "r", f"# {number}/kustomization.yaml\nresources: [a.yaml]\n# {number}/a.yaml\n{_CONFIG}")
    builder = _program(tmp_path / "kustomize", f"{_VERSION}echo $$ >> {tmp_path}/started; exec sleep 60")
    (tmp_path / "t").mkdir()
    environment = os.environ | {"TMPDIR": str(tmp_path / "t"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = (sys.executable, "-m", "scaffold", "validate", "--jobs", jobs, "--kustomize", builder)
    with subprocess.Popen(command, cwd=tmp_path / "r", env=environment, stderr=subprocess.PIPE, text=True) as process:
        _wait_until((tmp_path / "started").exists)
        process.terminate()
        _, said = process.communicate(timeout=30)
    assert (process.returncode, said.splitlines()[-1]) == (130, "gitops-scaffold: interrupted")
    assert not list((tmp_path / "t").iterdir())
    processes = [int(line) for line in (tmp_path / "started").read_text().split()]
    _wait_until(lambda: not any(map(_is_running, processes)))


def test_no_build_is_lost_between_its_start_and_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lost: list[subprocess.Popen[bytes]] = []
    really = subprocess.Popen

    def start(*given: Any, **named: Any) -> subprocess.Popen[bytes]:
        lost.append(really(*given, **named))
        os.kill(os.getpid(), signal.SIGTERM)
        return lost[0]

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "Popen", start)
    program = Builder((_program(tmp_path / "kustomize", "exec sleep 60"),), "5.8.1", "kustomize 5.8.1")
    before = signal.signal(signal.SIGTERM, stop)
    try:
        with pytest.raises(KeyboardInterrupt), started.Started(program, tmp_path, tmp_path):
            pytest.fail("the signal was lost")  # pragma: no cover
        assert signal.getsignal(signal.SIGTERM) is stop
    finally:
        signal.signal(signal.SIGTERM, before)
    assert lost[0].poll() == -signal.SIGKILL


def _wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def _is_running(process: int) -> bool:
    try:
        return "sleep" in Path(f"/proc/{process}/cmdline").read_text()
    except FileNotFoundError:
        return False


def test_killed_worker_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        write(tmp_path, f"# {number}/kustomization.yaml\nresources: [a.yaml]\n# {number}/a.yaml\n{_CONFIG}")
    parent = os.getpid()

    def die(*_: object) -> None:
        assert os.getpid() != parent
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(kustomize, "build_many", die)
    with pytest.raises(ScaffoldError, match="worker process ended"):
        validate(tmp_path, Options(jobs=2))


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


_KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [c.yaml]\n"
_BAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndatum: {}\n"
_PLACES = {
    "plain-secret": {"a.yaml", "b/c.yaml", "b/kustomization.yaml"},
    "floating-image": {"b/kustomization.yaml"},
    "missing-resource": {"b/kustomization.yaml"},
    "unused-ignore": {"b/kustomization.yaml"},
}


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_or_has_a_place(text: str) -> None:
    file = load.source_file("a.yaml", text.encode("utf-8", "surrogatepass"), keep=True)
    if file.problem:
        assert file.problem.line >= 1
        assert file.problem.column >= 1
        assert file.problem.text
