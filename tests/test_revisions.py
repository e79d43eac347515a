"""What somebody's own configuration of Git, and files that were moved, must not change."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from checking import write
from running import Command, commit

from scaffold import git, revisions

_CONFIGURED = """
[diff]
\texternal = false
\tnoprefix = true
\tmnemonicPrefix = true
\trenames = copies
\trelative = false
[diff "notes"]
\ttextconv = false
[core]
\tquotePath = true
\tpager = false
[color]
\tui = always
[column]
\tui = always
[log]
\tshowSignature = true
\tdate = relative
\tfollow = true
[status]
\tshort = true
\trelativePaths = true
\tshowUntrackedFiles = no
"""
_APP = "apps/checkout/payments"
_COMMANDS = {
    "diff": ("diff", "HEAD~1", "--root"),
    "validate": ("validate", "--no-cache", "--changed-since", "HEAD~1"),
    "inventory": ("inventory",),
    "inventory as JSON": ("inventory", "--format", "json"),
    "promote --check": ("promote", "--check", "HEAD~1", "--repository"),
    "rollback": ("rollback", "payments", "--environment", "production", "--reason", "slow", "--repository"),
    "status": ("status",),
    "remove": ("remove", "app", "payments", "--team", "checkout", "--repository"),
}
_MOVED = """
# {where}/kustomization.yaml
resources:
  - {name}.yaml
# {where}/{name}.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
data:
  name: {name}
"""


@pytest.fixture
def changed(fleet: Path) -> Path:
    """A fleet with a second commit, an older production and a file that is attributed."""
    path = fleet / _APP / "overlays/production/kustomization.yaml"
    path.write_text(path.read_text().replace('newTag: "1.0.0"', 'newTag: "1.1.0"'))
    (fleet / ".gitattributes").write_text("*.yaml diff=notes\n")
    commit(fleet)
    return fleet


@pytest.mark.parametrize("name", _COMMANDS)
def test_a_users_configuration_changes_nothing(
    name: str, changed: Path, command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(changed, tmp_path / "other" / changed.name))
    plain = command(*_COMMANDS[name], changed)
    configured = tmp_path / "gitconfig"
    configured.write_text(Path(os.environ["GIT_CONFIG_GLOBAL"]).read_text() + _CONFIGURED)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(configured))
    found = command(*_COMMANDS[name], other)
    assert plain.code in (0, 1), plain
    assert (found.code, found.out, found.err) == (
        plain.code,
        plain.out.replace(str(changed), str(other)),
        plain.err.replace(str(changed), str(other)),
    )


@pytest.fixture
def moved(tmp_path: Path) -> Path:
    """A repository in which a file has gone from one overlay into another one, which names it."""
    root = write(tmp_path / "moved", "".join(_MOVED.format(where=name, name=name) for name in ("one", "two")))
    git.run(root, "init", "--quiet")
    commit(root)
    (root / "one/one.yaml").rename(root / "two/one.yaml")
    (root / "one/kustomization.yaml").write_text("resources: []\nnamePrefix: a-\n")
    (root / "two/kustomization.yaml").write_text("resources:\n  - one.yaml\n  - two.yaml\n")
    return root


@pytest.mark.parametrize("committed", [False, True])
def test_a_file_that_moves_goes_from_where_it_was(committed: bool, moved: Path, command: Command) -> None:
    git.run(moved, "restore", "one/kustomization.yaml")
    if committed:
        commit(moved)
    else:
        git.run(moved, "add", "--all")
    revision = "HEAD~1" if committed else "HEAD"
    found = command("validate", moved, "--changed-since", revision)
    assert [line.partition(": ")[0] for line in found.out.splitlines() if "missing-resource" in line] == [
        "one/kustomization.yaml:2:5"
    ]
    assert revisions.changed_since(moved, revision) == {"one/one.yaml", "two/one.yaml", "two/kustomization.yaml"}


def test_what_moves_is_shown_where_it_was_too(moved: Path, command: Command) -> None:
    git.run(moved, "add", "--all")
    said = command("diff", "HEAD", "--root", moved).out.splitlines()
    assert [line.partition(" (")[0] for line in said if line[:3] in ("===", "---")] == [
        "=== one",
        "--- ConfigMap one before",
        "=== two",
        "--- ConfigMap one is not there",
    ]


def test_a_name_beyond_ascii_is_named_as_it_is(fleet: Path, command: Command) -> None:
    path = fleet / _APP / "base/größe.yaml"
    path.write_text("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: size\n")
    commit(fleet)
    path.write_text("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: sizes\n")
    found = command("remove", "app", "payments", "--team", "checkout", "--repository", fleet)
    assert (found.code, f"'{_APP}/base/größe.yaml' is not committed" in found.err) == (2, True), found.err


@pytest.fixture
def shallow(fleet: Path, tmp_path: Path) -> Path:
    """A clone of a repository with two commits that has the newest of them alone, as runners make it."""
    (fleet / "README.md").write_text("A fleet.\n")
    commit(fleet)
    git.run(tmp_path, "clone", "--quiet", "--depth=1", fleet.as_uri(), "shallow")
    return tmp_path / "shallow"


@pytest.mark.parametrize(
    ("arguments", "revision"),
    [
        (("validate", "--changed-since", "HEAD~1"), "HEAD~1"),
        (("diff", "HEAD~1", "--root"), "HEAD~1"),
        (("diff", "v1...HEAD", "--root"), "v1"),
    ],
)
def test_a_shallow_clone_is_said_to_be_one(
    arguments: tuple[str, ...], revision: str, shallow: Path, command: Command
) -> None:
    found = command(*arguments, shallow)
    remedy = "this clone is shallow, so fetch the rest with 'git fetch --unshallow'"
    assert (found.code, found.err) == (
        2,
        f"gitops-scaffold: error: revision {revision!r} names no commit here; {remedy}\n",
    )


def test_what_has_no_commit_in_common_is_said(fleet: Path, command: Command) -> None:
    git.run(fleet, "switch", "--quiet", "--orphan", "other")
    git.run(fleet, "commit", "--quiet", "--allow-empty", "--message", "Another beginning")
    found = command("diff", "main...other", "--root", fleet)
    fact = "'main' and 'other' have no commit in common; compare them as they are, by 'main..other'"
    assert (found.code, found.err) == (2, f"gitops-scaffold: error: {fact}\n")
