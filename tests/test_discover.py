"""What counts in a directory: files by kind, charts, what Git ignores, links and odd names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from checking import write

from scaffold import discover, git
from scaffold.errors import ScaffoldError


def test_files_by_kind(tmp_path: Path) -> None:
    (tmp_path / "empty/as/git/has/none").mkdir(parents=True)
    tree = discover.tree(
        write(tmp_path, "# a.yaml\na: 1\n# b/c.yml\na: 1\n# b/Kustomization\na: 1\n# b/notes.txt\nx\n# README.md\nx\n")
    )
    assert list(tree.yaml) == ["a.yaml", "b/Kustomization", "b/c.yml"]
    assert sorted(tree.others) == ["README.md", "b/notes.txt"]
    assert sorted(tree.directories) == ["", "b"]
    assert tree.skipped == ()


def test_insides_of_a_chart_are_no_yaml(tmp_path: Path) -> None:
    tree = discover.tree(
        write(
            tmp_path,
            "# web/Chart.yaml\nname: web\n# web/values.yaml\na: 1\n# web/templates/a.yaml\n{{ x }}\n"
            "# web/charts/inner/Chart.yaml\nname: inner\n# web/crds/a.yaml\na: 1\n# templates/a.yaml\na: 1\n"
            "# web/templates/deep/b.yaml\n{{ x }}\n",
        )
    )
    assert list(tree.yaml) == ["templates/a.yaml", "web/Chart.yaml", "web/values.yaml"]
    assert sorted(tree.charts) == ["web"]
    assert "web/templates/deep/b.yaml" in tree.others


def test_directories_of_tools_are_left_out(tmp_path: Path) -> None:
    tree = discover.tree(write(tmp_path, "# node_modules/a.yaml\na: 1\n# .venv/a.yaml\na: 1\n# .github/a.yaml\na: 1\n"))
    assert list(tree.yaml) == [".github/a.yaml"]


def test_what_git_ignores_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, "# a.yaml\na: 1\n# out/b.yaml\na: 1\n# c/d.yaml\na: 1\n# c/e.yaml\na: 1\n")
    (tmp_path / ".gitignore").write_text("/out/\nd.yaml\n")
    git.run(tmp_path, "init", "--quiet")
    assert list(discover.tree(tmp_path).yaml) == ["a.yaml", "c/e.yaml"]
    assert list(discover.tree(tmp_path / "c").yaml) == ["e.yaml"]


def test_templates_that_charts_share_by_links_are_no_yaml(tmp_path: Path) -> None:
    write(tmp_path, "# shared/job.yaml\nname: {{ .Release.Name }}\n# apps/web/Chart.yaml\nname: web\n# a.yaml\na: 1\n")
    (tmp_path / "apps/web/templates").symlink_to("../../shared")
    tree = discover.tree(tmp_path)
    assert list(tree.yaml) == ["a.yaml", "apps/web/Chart.yaml"]
    assert "shared/job.yaml" in tree.others


def test_links_inside_the_root_are_followed_to_files(tmp_path: Path) -> None:
    write(tmp_path, "# a.yaml\na: 1\n# b/c.yaml\na: 1\n")
    (tmp_path / "link.yaml").symlink_to("b/c.yaml")
    (tmp_path / "directory").symlink_to("b")
    tree = discover.tree(tmp_path)
    assert list(tree.yaml) == ["a.yaml", "b/c.yaml", "link.yaml"]
    assert sorted(tree.directories) == ["", "b", "directory"]
    assert tree.skipped == ()


@pytest.mark.parametrize("name", ["a\nb.yaml", "\x1b[31m.yaml", os.fsdecode(b"caf\xe9.yaml")])
def test_names_that_cannot_be_printed_are_skipped(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("a: 1\n")
    tree = discover.tree(tmp_path)
    assert not tree.yaml
    (skipped,) = tree.skipped
    assert skipped.path.isprintable()
    assert skipped.path.isascii()


def test_order_does_not_depend_on_the_disk(tmp_path: Path) -> None:
    for name in ("b", "a", "d", "c"):
        write(tmp_path, f"# {name}/x.yaml\na: 1\n# {name}.yaml\na: 1\n")
    assert list(discover.tree(tmp_path).yaml) == sorted(discover.tree(tmp_path).yaml)


def test_a_stamp_tells_a_change(tmp_path: Path) -> None:
    path = write(tmp_path, "# a.yaml\na: 1\n") / "a.yaml"
    before = discover.tree(tmp_path).yaml
    path.write_text("a: 22\n")
    assert discover.tree(tmp_path).yaml != before


def test_what_is_no_directory_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ScaffoldError, match="does not exist; name a directory"):
        discover.tree(tmp_path / "gone")
    (tmp_path / "file").write_text("")
    with pytest.raises(ScaffoldError, match="is no directory"):
        discover.tree(tmp_path / "file")
