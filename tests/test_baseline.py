"""A baseline: what was there is left out, what is new is not, and what is gone has to leave the list."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from checking import write
from running import Command, commit

from scaffold import git

_POD = """# {path}/pod.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example.com/web
"""
_OLD = _POD.format(path="old")


@pytest.fixture
def root(tmp_path: Path, command: Command) -> Path:
    """A repository with a finding and a baseline that knows it."""
    root = write(tmp_path / "repository", _OLD)
    result = command("validate", root, "--baseline", root / "known.json", "--write-baseline")
    assert (result.code, result.out) == (0, "")
    assert "1 finding in the baseline" in result.err
    return root


def test_what_is_known_is_left_out(root: Path, command: Command) -> None:
    assert command("validate", root).code == 1
    result = command("validate", root, "--baseline", root / "known.json", "--format", "json")
    assert (result.code, json.loads(result.out)["summary"]["known"]) == (0, 1)


def test_what_is_known_may_move_within_its_file(root: Path, command: Command) -> None:
    path = root / "old/pod.yaml"
    path.write_text("# moved\n\n" + path.read_text())
    assert command("validate", root, "--baseline", root / "known.json").code == 0


def test_what_is_new_is_found_and_never_added(root: Path, command: Command) -> None:
    write(root, _POD.format(path="new"))
    before = (root / "known.json").read_text()
    for option in ((), ("--write-baseline",)):
        result = command("validate", root, "--baseline", root / "known.json", *option)
        assert (result.code, result.out.partition(":")[0]) == (1, "new/pod.yaml")
    assert (root / "known.json").read_text() == before


def test_what_is_gone_is_reported_until_it_leaves_the_list(root: Path, command: Command) -> None:
    path = root / "old/pod.yaml"
    path.write_text(path.read_text().replace("/web\n", "/web:1.0.0\n"))
    result = command("validate", root, "--baseline", root / "known.json")
    fact = "baseline entry for 'floating-image' in 'old/pod.yaml' fires no more"
    remedy = "take it out with --write-baseline [unused-ignore]"
    assert (result.code, result.out.splitlines()[0]) == (1, f"known.json:4:1: warning: {fact}; {remedy}")
    assert command("validate", root, "--baseline", root / "known.json", "--write-baseline").code == 0
    assert json.loads((root / "known.json").read_text()) == {"version": 1, "findings": []}


def test_what_was_not_looked_at_is_not_gone(tmp_path: Path, command: Command) -> None:
    root = write(
        tmp_path / "repository", _POD.format(path="base") + "# base/kustomization.yaml\nresources: [pod.yaml]\n"
    )
    write(root, "# dev/kustomization.yaml\nresources: [../base]\nnamePrefix: dev-\n")
    git.run(root, "init", "--quiet")
    baseline = tmp_path / "known.json"
    command("validate", root, "--baseline", baseline, "--write-baseline")
    commit(root)
    write(root, "# other/config.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    result = command("validate", root, "--baseline", baseline, "--changed-since", "HEAD", "--write-baseline")
    assert (result.code, result.out) == (0, "")
    assert len(json.loads(baseline.read_text())["findings"]) == 1


def test_the_file_has_a_line_for_each_finding_in_order(root: Path, command: Command) -> None:
    write(root, _POD.format(path="a") + _POD.format(path="z"))
    (root / "known.json").unlink()
    command("validate", root, "--baseline", root / "known.json", "--write-baseline")
    lines = (root / "known.json").read_text().splitlines()
    assert [json.loads(line.rstrip(","))["path"] for line in lines[3:-2]] == [
        "a/pod.yaml",
        "old/pod.yaml",
        "z/pod.yaml",
    ]


ERRORS = {
    "absent": (None, "is not there; write it with --write-baseline"),
    "no JSON": ("{", "is no JSON, "),
    "no UTF-8": (b"\xff", "cannot be read, "),
    "another version": ('{"version": 2, "findings": []}', "is none of version 1; "),
    "no list": ('{"version": 1, "findings": {}}', "is none of version 1; "),
    "no entries": ('{"version": 1, "findings": [{"rule": "a"}]}', "is none of version 1; "),
}


@pytest.mark.parametrize("name", ERRORS)
def test_a_baseline_that_is_none_is_one_line(name: str, tmp_path: Path, command: Command) -> None:
    content, words = ERRORS[name]
    file = tmp_path / "known.json"
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = command("validate", write(tmp_path / "repository", _OLD), "--baseline", file)
    assert (result.code, result.err.count("\n")) == (2, 1), result.err
    assert words in result.err


def test_writing_needs_a_file(tmp_path: Path, command: Command) -> None:
    result = command("validate", tmp_path, "--write-baseline")
    assert (result.code, result.err.count("\n")) == (2, 1)
    nowhere = write(tmp_path / "a", _OLD) / "old/pod.yaml/known.json"
    result = command("validate", tmp_path / "a", "--baseline", nowhere, "--write-baseline")
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert "cannot be written, Not a directory; " in result.err
