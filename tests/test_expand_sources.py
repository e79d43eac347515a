"""Types of sources, overrides and plain directories: as Argo CD reads them."""

from __future__ import annotations

from typing import Any

import pytest

from scaffold.expand import TreeView, UnverifiableError, names
from scaffold.expand.source_types import SourceError, directory_files, is_skipped, source_type
from scaffold.expand.sources import used_sources, with_overrides


def tree(**texts: str) -> TreeView:
    return TreeView(files=texts, read=texts.__getitem__)


def used(spec: dict[str, Any]) -> list[Any]:
    return [(entry.pointer, dict(entry.source)) for entry in used_sources({"spec": spec})]


def test_sources_win_over_source() -> None:
    spec = {"source": {"path": "a"}, "sources": [{"path": "b"}, {"path": "c"}]}
    assert used(spec) == [(("spec", "sources", 0), {"path": "b"}), (("spec", "sources", 1), {"path": "c"})]
    assert used({"source": {"path": "a"}, "sources": []}) == [(("spec", "source"), {"path": "a"})]
    assert used({"sources": []}) == []


def test_a_hydrator_wins_over_both() -> None:
    hydrator = {"drySource": {"repoURL": "u", "path": "dry"}, "syncSource": {"path": "p", "targetBranch": "b"}}
    expected = {"repoURL": "u", "path": "p", "targetRevision": "b"}
    assert used({"sourceHydrator": hydrator, "source": {"path": "a"}}) == [(("spec", "sourceHydrator"), expected)]


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        (["Chart.yaml"], "Helm"),
        (["kustomization.yaml"], "Kustomize"),
        (["kustomization.yml"], "Kustomize"),
        (["Kustomization"], "Kustomize"),
        (["Kustomization.yaml"], "Directory"),
        (["Chart.yaml", "kustomization.yaml"], "Kustomize"),
        (["kustomization.yaml", "myChart.yaml"], "Helm"),
        (["deployment.yaml", "sub/Chart.yaml"], "Directory"),
        ([], "Directory"),
    ],
)
def test_a_directory_tells_its_type(files: list[str], kind: str) -> None:
    held = tree(**{f"d/{name}": "" for name in files}, **{"d/keep": ""})
    assert source_type({"path": "./d/"}, held) == kind


@pytest.mark.parametrize(
    ("block", "kind"),
    [
        ({"helm": {"skipCrds": True}}, "Helm"),
        ({"helm": {"valueFiles": []}}, "Kustomize"),
        ({"kustomize": {"labelWithoutSelector": True}}, "Kustomize"),
        ({"directory": {"recurse": False}}, "Kustomize"),
        ({"directory": {"include": "*"}}, "Directory"),
        ({"plugin": {}}, "Plugin"),
        ({"chart": "c"}, "Kustomize"),
    ],
)
def test_a_source_that_says_something_tells_its_type(block: dict[str, Any], kind: str) -> None:
    held = tree(**{"d/kustomization.yaml": ""})
    path = {} if "chart" in block else {"path": "d"}
    (entry,) = used_sources({"spec": {"source": {**path, **block}}})
    assert source_type(entry.source, held) == ("Helm" if "chart" in block else kind)


def test_two_types_are_refused() -> None:
    with pytest.raises(SourceError, match="Helm,Kustomize"):
        source_type({"helm": {"version": "v3"}, "kustomize": {"namePrefix": "x"}}, tree())


def test_overrides_merge_in_order_and_the_address_stays() -> None:
    held = tree(
        **{
            "d/.argocd-source.yaml": "helm: {valueFiles: [a.yaml], releaseName: r}\npath: evil\ntargetRevision: v9\n",
            "d/.argocd-source-web.yaml": "helm: {valueFiles: [b.yaml]}\n",
        }
    )
    source = {"path": "d", "repoURL": "u", "helm": {"skipCrds": True}}
    merged = {"valueFiles": ["b.yaml"], "releaseName": "r", "skipCrds": True}
    assert with_overrides(source, "web", held) == {"path": "d", "repoURL": "u", "helm": merged}
    assert with_overrides(source, "api", held)["helm"]["valueFiles"] == ["a.yaml"]


def test_null_removes_nothing_but_inside_a_values_object() -> None:
    held = tree(**{"d/.argocd-source.yaml": "helm: {releaseName: null, valuesObject: {a: null}}\nkustomize: null\n"})
    source = {"path": "d", "helm": {"releaseName": "r", "valuesObject": {"a": 1, "b": 2}}, "kustomize": {"x": 1}}
    merged = with_overrides(source, "", held)
    assert merged["helm"] == {"releaseName": "r", "valuesObject": {"b": 2}}
    assert merged["kustomize"] == {"x": 1}


@pytest.mark.parametrize("text", ["", "[1]", "text", "a: ["])
def test_an_override_that_is_no_map_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match=r"d/\.argocd-source\.yaml"):
        with_overrides({"path": "d"}, "", tree(**{"d/.argocd-source.yaml": text}))


@pytest.mark.parametrize(
    ("options", "files"),
    [
        ({}, ["a.yaml", "b.json"]),
        ({"recurse": True}, ["a.yaml", "b.json", "sub/c.yml", "sub/d.yaml"]),
        ({"recurse": True, "include": "*.yaml"}, ["a.yaml", "sub/d.yaml"]),
        ({"recurse": True, "exclude": "sub/*"}, ["a.yaml", "b.json"]),
        ({"recurse": True, "include": "{a,sub/d}.yaml"}, ["a.yaml", "sub/d.yaml"]),
        ({"recurse": True, "include": "*.yaml", "exclude": "a*"}, ["sub/d.yaml"]),
    ],
)
def test_a_plain_directory_has_these_files(options: dict[str, Any], files: list[str]) -> None:
    paths = ["d/a.yaml", "d/b.json", "d/README.md", "d/sub/c.yml", "d/sub/d.yaml", "d2/x.yaml"]
    held = tree(**dict.fromkeys(paths, ""))
    assert directory_files({"path": "d", "directory": options}, held) == [f"d/{name}" for name in files]


def test_a_doubtful_glob_is_not_judged() -> None:
    with pytest.raises(UnverifiableError, match="alternatives"):
        directory_files({"path": "d", "directory": {"include": "{a*,b}"}}, tree(**{"d/a.yaml": ""}))


def test_a_file_may_ask_to_be_left_out() -> None:
    assert is_skipped("# +argocd:skip-file-rendering\na: 1\n")
    assert not is_skipped("a: 1\n")


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("a", True),
        ("a.b-c", True),
        ("x" * 253, True),
        ("x" * 254, False),
        ("A", False),
        ("a_b", False),
        ("a..b", False),
    ],
)
def test_names(name: str, good: bool) -> None:
    assert names.is_subdomain(name) is good


@pytest.mark.parametrize(
    ("key", "good"), [("a/b", True), ("B_c.d", True), ("a/b/c", False), ("/b", False), ("", False)]
)
def test_label_keys(key: str, good: bool) -> None:
    assert names.is_qualified_name(key) is good
