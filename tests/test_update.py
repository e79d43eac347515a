"""`update`: the template's changes arrive, every edit survives at its own path, or is reported."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import versions
from histories import older
from running import Command, commit, files, status

from scaffold import answers, generate, git, journal, staging, update
from scaffold.errors import AnswersError, ScaffoldError
from scaffold.staging import Content
from scaffold.template import Template
from scaffold.update import Request, merging, moves

APP, TEAM, OTHER = "apps/checkout/payments", "teams/checkout", "teams/basket"
_ENVIRONMENTS = [{"name": name, "cluster": "hub", "gate": "auto"} for name in ("dev", "staging", "production")]
LAYERS: dict[str, dict[str, Any]] = {
    "": {"kind": "fleet"},
    "clusters/hub": {"kind": "cluster"},
    TEAM: {"kind": "team", "team": "checkout", "environments": _ENVIRONMENTS},
    OTHER: {"kind": "team", "team": "basket", "environments": _ENVIRONMENTS},
    APP: {"kind": "app", "team": "checkout", "app": "payments"},
}


@pytest.fixture(scope="session")
def templates(_own_git: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Template]:
    """The template at three versions; their tags in order are the keys."""
    return versions.write(tmp_path_factory.mktemp("versions") / "template.git")


@pytest.fixture(scope="session")
def by_engine(
    templates: dict[str, Template], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Template]]:
    flux = versions.write(tmp_path_factory.mktemp("flux-versions") / "template.git", "flux")
    return {"argocd": templates, "flux": flux}


@pytest.fixture(scope="session")
def fleets(templates: dict[str, Template], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same fleet generated at each version."""
    made = {}
    for version, source in templates.items():
        made[version] = tmp_path_factory.mktemp("fleets") / version
        versions.generate_into(made[version], source, LAYERS)
    return made


@pytest.fixture
def old(fleets: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the fleet at the first version; the working directory is in it."""
    copy = Path(shutil.copytree(fleets["v1.0.0"], tmp_path / "old", symlinks=True))
    monkeypatch.chdir(copy)
    return copy


def _edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text()
    assert old in text
    (root / path).write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(("version", "target"), [("v1.0.0", "v1.1.0"), ("v1.1.0", "v2.0.0"), ("v1.0.0", "v2.0.0")])
def test_without_edits_it_equals_a_fresh_generation(
    version: str, target: str, fleets: dict[str, Path], command: Command, tmp_path: Path
) -> None:
    fleet = Path(shutil.copytree(fleets[version], tmp_path / "fleet"))
    assert command("update", fleet, "--to", target, "--jobs", "1").code == 0
    assert files(fleet) == files(fleets[target])
    again = command("update", fleet, "--to", target)
    assert (again.code, again.out) == (0, "")
    assert again.err == "everything is at that version of the template\n"


# `make histories` takes every example from every version; these hold what differs most between them.
_OLDER = [
    ("argocd-monorepo", "v1.0.0"),
    ("argocd-multi-repo-checkout", "v1.1.0"),
    ("argocd-regions", "v1.0.0"),
    ("flux-multi-repo", "v1.0.0"),
    ("flux-multi-repo-checkout", "v1.1.0"),
]


@pytest.mark.parametrize(("example", "version"), _OLDER)
def test_examples_of_an_older_version_become_fresh_ones(
    example: str, version: str, by_engine: dict[str, dict[str, Template]], tmp_path: Path
) -> None:
    assert older.differing(example, version, by_engine[example.partition("-")[0]], tmp_path) == []


def test_edits_of_equal_files_stay_each_at_its_own_path(old: Path, command: Command) -> None:
    for team in (TEAM, OTHER):
        for environment in ("dev", "staging", "production"):
            _edit(old, f"{team}/environments/{environment}/limits.yaml", 'cpu: "8"', f"cpu: {team}-{environment}")
    (old / TEAM / "environments/dev/own.yaml").write_text("kind: Own\n")
    commit(old)
    assert command("update").code == 0
    for team in (TEAM, OTHER):
        assert not (old / team / "environments").exists()
        for environment in ("dev", "staging", "production"):
            text = (old / team / "namespaces" / environment / "limits.yaml").read_text()
            assert f"cpu: {team}-{environment}" in text
            assert "# Defaults for containers that say nothing.\n" in text
    assert (old / TEAM / "namespaces/dev/own.yaml").read_text() == "kind: Own\n"


def test_move_carries_the_edit_and_the_mode(old: Path, command: Command) -> None:
    budget = old / APP / "base/pod-disruption-budget.yaml"
    _edit(
        old, f"{APP}/base/pod-disruption-budget.yaml", "kind: PodDisruptionBudget", "kind: PodDisruptionBudget # mine"
    )
    budget.chmod(0o755)
    commit(old)
    result = command("update", APP)
    moved = old / APP / "base/budget.yaml"
    assert result.code == 0
    assert f"move {APP}/base/pod-disruption-budget.yaml to {APP}/base/budget.yaml" in result.out.splitlines()
    assert "# mine" in moved.read_text()
    assert moved.stat().st_mode & 0o100
    assert not budget.exists()


def test_move_onto_a_file_that_is_there_is_a_conflict(old: Path, command: Command) -> None:
    (old / APP / "base/budget.yaml").write_text("mine: true\n")
    commit(old)
    result = command("update", APP)
    assert result.code == 1
    assert f"{APP}/base/budget.yaml: conflict: something else stands there and" in result.out
    assert (old / APP / "base/pod-disruption-budget.yaml").exists()
    assert "mine: true" in (old / APP / "base/budget.yaml").read_text()


def test_both_sides_of_a_conflict_stand_between_markers(old: Path, command: Command) -> None:
    _edit(old, f"{APP}/base/deployment.yaml", "kind: Deployment\n", "kind: Deployment\n# ours\n")
    commit(old)
    result = command("update", APP)
    assert result.code == 1
    line = f"{APP}/base/deployment.yaml:3: conflict: changed here, changed by the template; choose between the markers"
    assert line in result.out.splitlines()
    text = (old / APP / "base/deployment.yaml").read_text()
    for part in ("<<<<<<< here\n# ours\n=======\n", "# Pods come and go one by one.\n", ">>>>>>> template v2.0.0\n"):
        assert part in text
    assert (
        "1 conflict, to be settled before you commit; 'gitops-scaffold update --abort' undoes everything" in result.err
    )
    assert command("update", "--abort").code == 0
    assert status(old) == []


def test_abort_after_edits_elsewhere_is_refused(old: Path, command: Command) -> None:
    assert command("update", APP).code == 0
    _edit(old, f"{APP}/base/deployment.yaml", "kind: Deployment\n", "kind: Deployment\n# later\n")
    result = command("update", "--abort")
    assert result.code == 2
    assert f"'{APP}/base/deployment.yaml' was changed after 'gitops-scaffold update' wrote it" in result.err
    commit(old)
    assert "nothing was written since the last commit" in command("update", "--abort").err


@pytest.mark.parametrize(
    ("prepare", "path", "told"),
    [
        (lambda root: _edit(root, f"{APP}/README.md", "#", "# mine"), f"{APP}/README.md", "changed here, deleted by"),
        (
            lambda root: (root / APP / "base/deployment.yaml").unlink(),
            f"{APP}/base/deployment.yaml",
            "deleted here, changed by",
        ),
        (
            lambda root: (root / APP / "base/deployment.yaml").write_bytes(b"\0\1"),
            f"{APP}/base/deployment.yaml",
            "changed here, changed by",
        ),
        (
            lambda root: _replace_by_link(root / APP / "base/deployment.yaml", "service.yaml"),
            f"{APP}/base/deployment.yaml",
            "changed here, changed by",
        ),
        (
            lambda root: _replace_by_link(root / APP / "base", "../../elsewhere"),
            f"{APP}/base/deployment.yaml",
            f"'{APP}/base' is in the way here, changed by",
        ),
        (
            lambda root: _replace_by_directory(root / APP / "base/deployment.yaml"),
            f"{APP}/base/deployment.yaml",
            "a directory is in the way here, changed by",
        ),
    ],
    ids=["changed-deleted", "deleted-changed", "binary", "link", "link-of-a-directory", "directory"],
)
def test_what_contradicts_stays_as_it_is_here(
    prepare: Callable[[Path], None], path: str, told: str, old: Path, command: Command
) -> None:
    prepare(old)
    commit(old)
    before = staging.read(old / path) if not (old / path).is_dir() else None
    result = command("update", APP)
    assert result.code == 1
    told_line = f"{path}: conflict: {told} the template; it is as it was here, see v2.0.0 for the other"
    assert told_line in result.out.splitlines()
    if before:
        assert staging.read(old / path) == before


def _replace_by_link(path: Path, target: str) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    path.symlink_to(target)


def _replace_by_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "own.yaml").write_text("kind: Own\n")


def test_nothing_is_written_through_a_link(old: Path, command: Command, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.move(old / APP / "base", elsewhere)
    (old / APP / "base").symlink_to(elsewhere)
    commit(old)
    before = files(elsewhere)
    assert command("update", APP).code == 1
    assert files(elsewhere) == before


def test_deleted_file_that_the_template_leaves_alone_stays_away(old: Path, command: Command) -> None:
    (old / APP / "base/service-account.yaml").unlink()
    (old / "CODEOWNERS").unlink()
    commit(old)
    assert command("update").code == 0
    assert not (old / APP / "base/service-account.yaml").exists()
    assert not (old / "CODEOWNERS").exists(), "seeded, so it is not written twice"


def test_line_ends_belong_to_the_repository(old: Path, command: Command, fleets: dict[str, Path]) -> None:
    paths = [f"{APP}/base/deployment.yaml", f"{APP}/base/service.yaml"]
    for path in paths:
        (old / path).write_bytes((old / path).read_bytes().replace(b"\n", b"\r\n"))
    commit(old)
    assert command("update", APP).code == 0
    for path in paths:
        assert (old / path).read_bytes() == (fleets["v2.0.0"] / path).read_bytes().replace(b"\n", b"\r\n")


def test_renamed_question_keeps_its_value(old: Path, command: Command, templates: dict[str, Template]) -> None:
    with generate.generator(templates["v1.0.0"]) as made:
        staging.files(old / TEAM, made.render({**LAYERS[TEAM], "cpu_quota": "12"}))
    commit(old)
    result = command("update")
    assert result.code == 0
    assert answers.read(old / TEAM).answers["cpu_request_quota"] == "12"
    assert "memory_limit_quota" not in answers.read(old / TEAM).answers
    assert "new question 'priority' takes its default 'standard', in 1 of the layers\n" in result.err


def test_narrowed_choice_names_the_layer_and_changes_nothing(
    old: Path, command: Command, templates: dict[str, Template]
) -> None:
    with generate.generator(templates["v1.0.0"]) as made:
        staging.files(old, made.render({"kind": "fleet", "ci": "none"}))
    commit(old)
    result = command("update")
    assert (result.code, result.out) == (2, "")
    assert "layer '.' at template v2.0.0: Invalid choice for 'ci': 'none' is not in ['github', 'gitlab']" in result.err
    assert result.err.count("\n") == 1
    assert status(old) == []


def test_unknown_answer_is_refused(old: Path, command: Command) -> None:
    with (old / APP / answers.NAME).open("a") as file:
        file.write("colour: red\n")
    commit(old)
    result = command("update", APP)
    assert result.code == 2
    assert f"layer '{APP}' at template v1.0.0: no question is named 'colour'" in result.err


def test_check_writes_nothing_and_tells_robots(old: Path, command: Command) -> None:
    result = command("update", "--check", "--json", "--to", "v1.1.0")
    assert result.code == 1
    assert status(old) == []
    told = json.loads(result.out)
    assert {layer["path"]: (layer["from"], layer["to"]) for layer in told["layers"]}[APP] == ("v1.0.0", "v1.1.0")
    assert {"from": f"{APP}/base/pod-disruption-budget.yaml", "to": f"{APP}/base/budget.yaml"} in told["moved"]
    assert told["conflicts"] == []


def test_branch_gets_one_commit_and_the_work_tree_none(old: Path, command: Command, fleets: dict[str, Path]) -> None:
    assert command("update", "--branch", "template").code == 0
    assert status(old) == []
    assert git.run(old, "rev-list", "--count", "main..template").strip() == "1"
    git.run(old, "checkout", "--quiet", "template")
    assert files(old) == files(fleets["v2.0.0"])
    git.run(old, "checkout", "--quiet", "main")
    assert "branch 'template' is there already" in command("update", "--branch", "template").err


def test_conflict_makes_no_branch(old: Path, command: Command) -> None:
    (old / APP / "base/deployment.yaml").unlink()
    commit(old)
    result = command("update", APP, "--branch", "template")
    assert result.code == 1
    assert result.err.endswith("nothing is written, because of the conflicts\n")
    assert git.run(old, "branch", "--list", "template") == ""


def test_one_layer_is_updated_by_its_path(old: Path, command: Command) -> None:
    assert command("update", APP).code == 0
    assert answers.read(old / APP).version == "v2.0.0"
    assert answers.read(old / TEAM).version == "v1.0.0"
    assert command("update", f"{TEAM}/control-plane").code == 0
    assert answers.read(old / TEAM).version == "v2.0.0"
    assert answers.read(old / OTHER).version == "v1.0.0"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--to", "v0.9.0"], "layer '.' is at template v1.0.0, which is later than v0.9.0; go back with 'git revert'"),
        (["--to", "v9.9.9"], "template version 'v9.9.9' cannot be had from file://"),
        (["nowhere"], "path '"),
        (["--continue"], "no command was interrupted here; there is nothing to continue"),
        (["--abort"], "nothing was written since the last commit"),
        (["--branch", "a..b"], "'a..b' is no name of a branch"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_refusal_is_one_line(arguments: list[str], message: str, old: Path, command: Command) -> None:
    result = command("update", *arguments)
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert result.err.startswith(f"gitops-scaffold: error: {message}")
    assert status(old) == []


def test_uncommitted_change_in_the_way_is_refused(old: Path, command: Command) -> None:
    _edit(old, f"{APP}/base/deployment.yaml", "kind: Deployment\n", "kind: Deployment\n# mine\n")
    result = command("update", APP)
    assert result.code == 2
    assert f"'{APP}/base/deployment.yaml' has changes that are not committed" in result.err
    git.run(old, "checkout", "--quiet", ".")
    (old / "notes.txt").write_text("mine\n")
    assert command("update", APP).code == 0


def test_plain_copier_gives_the_same_result_for_a_layer(old: Path, command: Command) -> None:
    import copier

    _edit(old, f"{APP}/base/deployment.yaml", "spec:\n", "spec:\n  minReadySeconds: 5\n")
    commit(old)
    other = old.with_name("other")
    shutil.copytree(old, other)
    copier.run_update(
        other / APP, defaults=True, overwrite=True, vcs_ref="v1.1.0", settings=copier.Settings(), quiet=True
    )
    assert command("update", APP, "--to", "v1.1.0").code == 0
    assert files(old) == files(other)


def test_branch_that_adds_and_branch_that_updates_merge_in_any_order_and_heal(
    old: Path, command: Command, templates: dict[str, Template]
) -> None:
    git.run(old, "checkout", "--quiet", "-b", "adds")
    with generate.generator(templates["v1.0.0"]) as made:
        staging.files(old / "apps/checkout/search", made.render({**LAYERS[APP], "app": "search"}))
    commit(old)
    git.run(old, "checkout", "--quiet", "-b", "updates", "main")
    assert command("update").code == 0
    commit(old)
    merged = {_merged(old, stays, comes) for stays, comes in (("updates", "adds"), ("adds", "updates"))}
    assert len(merged) == 1
    assert answers.read(old / "apps/checkout/search").version == "v1.0.0"
    assert answers.read(old / APP).version == "v2.0.0"
    assert command("update").code == 0
    with generate.generator(templates["v2.0.0"]) as made:
        fresh = made.render({**LAYERS[APP], "app": "search"})
    assert staging.tree(old / "apps/checkout/search") == fresh


def _merged(root: Path, stays: str, comes: str) -> str:
    """Merge one branch into a copy of another; give Git's name of the tree that comes out."""
    git.run(root, "checkout", "--quiet", "--detach", stays)
    git.run(root, "merge", "--quiet", "--no-edit", comes)
    return git.run(root, "rev-parse", "HEAD^{tree}")


@pytest.mark.parametrize("version", ["v1.0.0", "v1.1.0"])
def test_an_environment_that_another_replaces_leaves_a_fresh_layer(
    version: str, templates: dict[str, Template], fleets: dict[str, Path], tmp_path: Path
) -> None:
    fleet = Path(shutil.copytree(fleets[version], tmp_path / "fleet"))
    replaced = [{**entry, "name": "qa"} if entry["name"] == "staging" else entry for entry in _ENVIRONMENTS]
    changed: dict[str, dict[str, Any]] = {
        TEAM: {"environments": replaced},
        APP: {"environments": ["dev", "qa", "production"]},
    }
    request = Request(tuple(fleet / directory for directory in changed), "v2.0.0", changed=changed)
    update.plan(request).write("update")
    with generate.generator(templates["v2.0.0"]) as made:
        for directory, given in changed.items():
            assert staging.tree(fleet / directory) == made.render({**LAYERS[directory], **given})


def test_interrupted_change_is_finished_or_undone(
    old: Path, command: Command, monkeypatch: pytest.MonkeyPatch, fleets: dict[str, Path]
) -> None:
    before = files(old)
    for way, expected in (("--abort", before), ("--continue", files(fleets["v2.0.0"]))):
        with monkeypatch.context() as patch:
            _interrupt(patch, after=7)
            command("update")
        refused = command("update")
        assert refused.code == 2
        assert "'gitops-scaffold update' was interrupted after 7 of " in refused.err
        assert "'gitops-scaffold update --continue' finishes it" in refused.err
        assert command("add", "team", "search", "--repository", old).code == 2
        assert command("update", way).code == 0
        assert files(old) == expected


class _Killed(BaseException):
    pass


def _interrupt(patch: pytest.MonkeyPatch, after: int) -> None:
    """End the writing after some files, as SIGKILL does: without anything that cleans up."""
    put = staging.put
    left = iter(range(after))

    def once(path: Path, content: Content | None, workshop: Path | None = None) -> None:
        if next(left, None) is None:
            raise _Killed
        put(path, content, workshop)

    patch.setattr(staging, "put", once)
    patch.setattr(journal, "_take_back", lambda *_: _stop())
    patch.setattr("scaffold.cli._run", _swallow(patch))


def _stop() -> None:
    raise _Killed


def _swallow(_: pytest.MonkeyPatch) -> Callable[[list[str]], int]:
    from scaffold.commands import group

    def run(arguments: list[str]) -> int:
        with pytest.raises(_Killed):
            group.main(arguments, standalone_mode=False)
        return 0

    return run


def test_failed_write_leaves_everything_as_it_was(old: Path) -> None:
    before = files(old)
    with pytest.raises(ScaffoldError, match="nothing was changed"):
        journal.write(old, {f"{APP}/a": Content(b"a"), f"{APP}/README.md/b": Content(b"b")}, "a command")
    assert files(old) == before
    assert journal.interrupted(old) is None


GENERATED = Content(b"a\nb\nc\nd\ne\n")
HERE = Content(b"A\nb\nc\nd\ne\n")
NEWER = Content(b"a\nb\nc\nd\nE\n")


def _merges() -> Iterator[tuple[Content | None, Content | None, Content | None, Content | None, bool]]:
    gone = None
    yield GENERATED, GENERATED, NEWER, NEWER, False
    yield GENERATED, HERE, GENERATED, HERE, False
    yield GENERATED, HERE, NEWER, Content(b"A\nb\nc\nd\nE\n"), False
    yield GENERATED, gone, GENERATED, gone, False
    yield GENERATED, gone, NEWER, gone, True
    yield GENERATED, GENERATED, gone, gone, False
    yield GENERATED, HERE, gone, HERE, True
    yield gone, gone, NEWER, NEWER, False
    yield gone, HERE, HERE, HERE, False
    yield GENERATED, GENERATED._replace(executable=True), NEWER, NEWER._replace(executable=True), False
    yield GENERATED, HERE, GENERATED._replace(executable=True), HERE._replace(executable=True), False
    yield GENERATED, Content(b"\0"), GENERATED._replace(executable=True), Content(b"\0", executable=True), False
    yield GENERATED, Content(b"\0"), NEWER, Content(b"\0"), True
    yield Content(b"\0"), Content(b"\0"), NEWER, NEWER, False
    yield GENERATED, Content(b"x", link=True), NEWER, Content(b"x", link=True), True
    yield Content(b"x", link=True), Content(b"x", link=True), Content(b"y", link=True), Content(b"y", link=True), False
    yield GENERATED, Content(b"a\r\nb\r\nc\r\nd\r\ne\r\n"), NEWER, Content(b"a\r\nb\r\nc\r\nd\r\nE\r\n"), False
    yield GENERATED, Content(b"A\r\nb\r\nc\r\nd\r\ne\r\n"), NEWER, Content(b"A\r\nb\r\nc\r\nd\r\nE\r\n"), False
    yield GENERATED, Content(b"a\r\nb\r\nc\r\nd\r\ne\r\n"), gone, Content(b"a\r\nb\r\nc\r\nd\r\ne\r\n"), True
    yield Content(b"a"), Content(b"b"), Content(b"a\n"), None, True


@pytest.mark.parametrize(("old", "here", "new", "merged", "disputed"), list(_merges()))
def test_merge_of_one_file(
    old: Content | None, here: Content | None, new: Content | None, merged: Content | None, disputed: bool
) -> None:
    result = merging.merge("path", old, here, new, "v2")
    assert bool(result.conflict) is disputed
    if result.conflict and result.conflict.line:
        assert result.content is not None
        assert result.content.data.startswith(b"<<<<<<< here\n")
    else:
        assert result.content == merged


def test_marker_that_was_there_is_no_conflict() -> None:
    shown = b"<<<<<<< here\n"
    result = merging.merge("path", GENERATED, Content(shown + HERE.data), NEWER, "v2")
    assert result.conflict is None


@pytest.mark.parametrize(
    ("source", "target", "path", "became"),
    [
        ("a.yaml", "b.yaml", "a.yaml", "b.yaml"),
        ("a.yaml", "b.yaml", "x/a.yaml", None),
        ("a", "b", "a/c/d.yaml", "b/c/d.yaml"),
        ("a", "b", "ab", None),
        ("o/*/a.yaml", "p/*/b.yaml", "o/dev/a.yaml", "p/dev/b.yaml"),
        ("o/*", "p/*", "o/dev/x/y", "p/dev/x/y"),
        ("o/*/a", "p/*/a", "o/x/y/a", None),
        ("*/o/*", "*/p/*", "1/o/2", "1/p/2"),
    ],
)
def test_move_speaks_of_whole_segments(source: str, target: str, path: str, became: str | None) -> None:
    assert moves.Move(source, target).of(path) == became


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("moves: {'1.0.0': [{kind: app, from: a}]}", "is not complete"),
        ("moves: {'1.0.0': [{kind: app, from: a, to: b, too: c}]}", "is not complete or holds unknown keys"),
        ("moves: {'1.0.0': [{kind: app, from: a/*, to: b}]}", "hold '*' not equally often"),
        ("moves: {'one': [{kind: app, from: a, to: b}]}", "write versions such as"),
    ],
)
def test_declaration_that_is_wrong_says_where(text: str, message: str) -> None:
    with pytest.raises(ScaffoldError) as caught:
        moves.between("", text, {"kind": "app"})
    assert message in str(caught.value)


def test_only_what_is_new_in_a_declaration_happens() -> None:
    first = "moves: {'1.0.0': [{kind: app, from: a, to: b}]}"
    later = "'1.10.0': [{kind: app, from: c, to: d}], '1.9.0': [{kind: app, from: b, to: c}]"
    both = f"moves: {{{later}, '1.0.0': [{{kind: app, from: a, to: b}}]}}"
    declared = moves.between(first, both, {"kind": "app"})
    assert declared.path("b") == "d", "in the order of versions, not of text"
    assert declared.path("a") == "a"
    assert moves.between(first, both, {"kind": "team"}) == moves.Declared()


def test_quick_renderer_equals_copiers_own(
    templates: dict[str, Template], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = [LAYERS[APP], LAYERS[TEAM], {**LAYERS[APP], "app": "search", "source": "chart"}]
    with generate.generator(templates["v2.0.0"]) as made:
        quick = [made.render(each) for each in given]
    monkeypatch.delattr("copier._main.Worker")
    with pytest.raises(AnswersError, match="Worker"), generate.generator(templates["v2.0.0"]) as made:
        made.render(given[0])  # so `quick` was made by the worker that is gone now
    monkeypatch.undo()
    import copier

    for number, each in enumerate(given):
        address = templates["v2.0.0"].address
        copier.run_copy(address, tmp_path / str(number), data=each, defaults=True, vcs_ref="v2.0.0", quiet=True)
        assert quick[number] == staging.tree(tmp_path / str(number))
