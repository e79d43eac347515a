"""Hostile and broken repositories: a run ends with findings or one clear error, never in a traceback or silence."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from checking import check, lines, write
from hypothesis import given, settings
from hypothesis import strategies as st

from scaffold import discover, load

_KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [c.yaml]\n"
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
        ["schema-violation", "unchecked-template-key"],
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


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_or_has_a_place(text: str) -> None:
    file = load.source_file("a.yaml", text.encode("utf-8", "surrogatepass"), keep=True)
    if file.problem:
        assert file.problem.line >= 1
        assert file.problem.column >= 1
        assert file.problem.text
