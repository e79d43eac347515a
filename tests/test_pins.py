"""A Flux fleet whose production is pinned: promotion moves the pin, rollback takes it back."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from running import Command, commit

from scaffold import followed, git
from scaffold.cli import main

_EXAMPLE = Path(__file__).parents[1] / "examples/flux-monorepo"
_PIN = "teams/checkout/environments/production/release.yaml"
_APP = "apps/checkout/{}/overlays/{}"
_OVERLAY = f"{_APP}/kustomization.yaml"
_HOLD = "apps/checkout/payments/overlays/production/.hold"


@pytest.fixture(scope="module")
def _pinned(_own_git: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bare repository with a team of two applications, released once; what Flux begins with is left out."""
    path = tmp_path_factory.mktemp("pinned")
    fleet = path / "fleet"
    shutil.copytree(_EXAMPLE / "teams/checkout", fleet / "teams/checkout")
    for name in (".gitops-scaffold.yaml", ".copier-answers.yml"):
        shutil.copy(_EXAMPLE / name, fleet / name)
    for name in ("payments", "search"):
        shutil.copytree(_EXAMPLE / "apps/checkout/payments", fleet / "apps/checkout" / name)
        shutil.rmtree(fleet / "apps/checkout" / name / "flux")
        for file in (fleet / "apps/checkout" / name).rglob("*.y*ml"):
            file.write_text(file.read_text().replace("payments", name))
    git.run(fleet, "init", "--quiet", "--initial-branch", "main")
    commit(fleet)
    git.run(path, "clone", "--quiet", "--bare", "fleet", "remote.git")
    git.run(path, "clone", "--quiet", "remote.git", "clone")
    assert main(["promote", "--all", "--to", "production", "--push", "--repository", str(path / "clone")]) == 0
    return path / "remote.git"


@pytest.fixture
def clone(_pinned: Path, tmp_path: Path) -> Path:
    shutil.copytree(_pinned, tmp_path / "remote.git")
    git.run(tmp_path, "clone", "--quiet", "remote.git", "clone")
    return tmp_path / "clone"


@pytest.fixture
def run(command: Command, clone: Path) -> Callable[..., tuple[int, str]]:
    """Run a command in the clone, which has what the remote has then; gives its exit code and all that it said."""

    def run(*arguments: str) -> tuple[int, str]:
        result = command(*arguments, "--repository", clone)
        git.run(clone, "fetch", "--quiet")
        git.run(clone, "merge", "--quiet", "--ff-only", "origin/main")
        return result.code, result.out + result.err

    return run


Run = Callable[..., tuple[int, str]]


def _pin(clone: Path) -> str:
    """The commit that both sources name."""
    (found,) = {line.strip() for line in (clone / _PIN).read_text().splitlines() if "commit:" in line} or {""}
    return found.removeprefix("commit: ").strip('"')


def _pushed(clone: Path) -> str:
    commit(clone)
    git.run(clone, "push", "--quiet")
    return git.run(clone, "rev-parse", "HEAD").strip()


def _tag(clone: Path, app: str, tag: str, *environments: str) -> str:
    """Write another version of an application, and push that."""
    for environment in environments:
        path = clone / _OVERLAY.format(app, environment)
        lines = [
            line.partition("newTag:")[0] + f'newTag: "{tag}"' if "newTag:" in line else line
            for line in path.read_text().splitlines()
        ]
        path.write_text("\n".join(lines) + "\n")
    return _pushed(clone)


def _release(clone: Path, commit: str) -> None:
    """Move the pin by hand, and push that."""
    text = (clone / _PIN).read_text()
    (clone / _PIN).write_text(text.replace(_pin(clone), commit))
    _pushed(clone)


def _version(clone: Path) -> str:
    """The version of payments that production runs."""
    text = git.run(clone, "show", f"{_pin(clone)}:{_OVERLAY.format('payments', 'production')}")
    return text.partition('newTag: "')[2].partition('"')[0]


def test_promotion_moves_the_pin_and_rollback_takes_it_back(clone: Path, run: Run) -> None:
    first = _pin(clone)
    assert first == git.run(clone, "rev-parse", "HEAD~1").strip(), "what was there at the first release"
    _tag(clone, "payments", "1.1.0", "dev", "staging")
    code, said = run("promote", "payments", "--to", "production", "--push")
    change, pinned = git.run(clone, "log", "-2", "--format=%H").split()[::-1]
    assert (code, _pin(clone), _version(clone)) == (0, change, "1.1.0"), said
    assert git.run(clone, "show", "--format=", "--name-only", pinned).split() == [_PIN], "a commit of its own"
    assert "- checkout/payments\n" in git.run(clone, "log", "-1", "--format=%B")
    code, said = run("rollback", "payments", "--environment", "production", "--reason", "errors", "--push")
    assert (code, _pin(clone), "payments: 1.1.0 -> 1.0.0" in said) == (0, first, True)
    assert sorted(git.run(clone, "show", "--format=", "--name-only").split()) == [_HOLD, _PIN]
    assert f"Rolled-back-from: {change}" in git.run(clone, "log", "-1", "--format=%B")
    code, said = run("promote", "payments", "--to", "production")
    assert (code, "is held until" in said, _pin(clone)) == (1, True, first)
    assert run("hold", "release", "payments", "--environment", "production", "--push")[0] == 0
    assert (run("promote", "payments", "--to", "production")[0], _version(clone)) == (0, "1.1.0")


def test_a_pull_request_first_then_the_pin(clone: Path, run: Run) -> None:
    first, again = _pin(clone), "run this again after the merge, and the pin moves"
    _tag(clone, "payments", "1.1.0", "dev", "staging")
    arguments = ("promote", "payments", "--to", "production", "--pull-request", "--forge", "github")
    code, said = run(*arguments)
    assert (code, f"production runs the commit that {_PIN} names; {again}" in said) == (0, True)
    git.run(clone, "merge", "--quiet", "--squash", "origin/promote/production/checkout-payments")
    merged = _pushed(clone)
    assert (run(*arguments)[0], _pin(clone)) == (0, first)
    git.run(clone, "merge", "--quiet", "--ff-only", "origin/release/production/checkout")
    assert _pin(clone) == merged


def test_others_go_along_only_if_they_may(clone: Path, run: Run) -> None:
    first = _pin(clone)
    _tag(clone, "search", "1.1.0", "dev", "staging", "production")
    change = _tag(clone, "payments", "1.1.0", "dev", "staging", "production")
    (clone / "README.md").write_text("not pushed\n")
    commit(clone)
    arguments = ("promote", "payments", "--to", "production")
    fact = f"{_PIN} is the pin of all of checkout, so checkout/search would move too"
    assert run(*arguments) == (1, f"gitops-scaffold: refused: {fact}; --with-others lets them\n")
    code, said = run(*arguments, "--with-others")
    moved = "- checkout/payments\n- checkout/search (goes along)\n"
    assert said.startswith(f"checkout production: {first[:12]} -> {change[:12]}\n{moved}")
    assert (code, _pin(clone)) == (0, change), "what the remote has, not what is only here"


def test_rollback_goes_further_back_and_never_to_what_was_bad(clone: Path, run: Run) -> None:
    first = _pin(clone)
    for version in ("1.1.0", "1.2.0"):
        _release(clone, _tag(clone, "payments", version, "production"))
    where = ("payments", "--environment", "production", "--reason", "errors", "--hold", "0", "--push")
    assert (run("rollback", *where)[0], _version(clone)) == (0, "1.1.0")
    assert (run("rollback", *where)[0], _pin(clone)) == (0, first)
    code, said = run("rollback", *where, "--to", "1.2.0")
    assert (code, "no earlier commit" in said) == (2, True), "it was gone back from"


def test_alone_leaves_the_pin(clone: Path, run: Run) -> None:
    first = _pin(clone)
    _tag(clone, "payments", "1.1.0", "production")
    assert run("rollback", "payments", "-e", "production", "--reason", "errors", "--alone")[0] == 0
    assert _pin(clone) == first
    assert 'newTag: "1.0.0"' in (clone / _OVERLAY.format("payments", "production")).read_text()


def _dated(monkeypatch: pytest.MonkeyPatch, days_ago: int) -> str:
    """Make commits of some days ago; gives the day."""
    time = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days_ago)
    for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
        monkeypatch.setenv(name, time.isoformat())
    return time.date().isoformat()


def test_a_base_moves_no_pin_before_the_stage_before_had_it_for_long_enough(
    clone: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = clone / ".gitops-scaffold.yaml"
    settings.write_text(settings.read_text() + "promotions:\n  - applications: ['*']\n    soak: 24\n")
    base = "apps/checkout/payments/base/deployment.yaml"
    (clone / base).write_text((clone / base).read_text().replace("memory:", "memory: "))
    first, change = _pin(clone), _pushed(clone)
    code, said = run("promote", "payments", "--to", "production")
    assert (code, f"'staging' has checkout/payments with {base} as it is since " in said) == (1, True), said
    assert run("promote", "--all", "--to", "production")[0] == 0
    assert _pin(clone) == first, "it stays"
    _dated(monkeypatch, 2)
    git.run(clone, "commit", "--quiet", "--amend", "--no-edit", "--reset-author")
    git.run(clone, "push", "--quiet", "--force")
    assert run("promote", "payments", "--to", "production")[0] == 0
    assert _pin(clone) not in (first, change)


def _since(clone: Path, environment: str) -> tuple[str, str]:
    """The version of payments that an environment runs, and the day since when; nothing where no commit says so."""
    with followed.states(clone) as states:
        overlay = states.of(environment).overlay(_APP.format("payments", environment))
        assert overlay is not None
        past, state = states.past(overlay), states.running(overlay)
        assert past is not None
        assert state is not None
        text = (state.root / _OVERLAY.format("payments", environment)).read_text()
        version = text.partition('newTag: "')[2].partition('"')[0]
        found = past.versions([(overlay, [version])]).get(overlay.path)
        return version, found.time.date().isoformat() if found else ""


def test_a_version_is_declared_since_the_pin_moved_to_it(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = _pin(clone)
    written = _dated(monkeypatch, 20)
    change = _tag(clone, "payments", "1.1.0", "dev", "staging", "production")
    moved = _dated(monkeypatch, 10)
    _release(clone, change)
    _dated(monkeypatch, 5)
    _release(clone, _tag(clone, "search", "1.1.0", "production"))
    assert _since(clone, "staging") == ("1.1.0", written)
    assert _since(clone, "production") == ("1.1.0", moved), "a later move left it as it was"
    back = _dated(monkeypatch, 2)
    _release(clone, first)
    assert _since(clone, "production") == ("1.0.0", back)


def test_what_is_not_committed_is_declared_since_never(clone: Path) -> None:
    pin, overlay = clone / _PIN, clone / _OVERLAY.format("payments", "dev")
    change = _tag(clone, "payments", "1.1.0", "dev", "staging", "production")
    overlay.write_text(overlay.read_text().replace("1.1.0", "1.2.0"))
    pin.write_text(pin.read_text().replace(_pin(clone), change))
    assert [_since(clone, name) for name in ("dev", "production")] == [("1.2.0", ""), ("1.1.0", "")]


def test_a_merge_is_as_old_as_it_says_itself(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _dated(monkeypatch, 20)
    git.run(clone, "config", "push.default", "current")
    git.run(clone, "switch", "--quiet", "--create", "change")
    _tag(clone, "payments", "1.1.0", "dev")
    git.run(clone, "switch", "--quiet", "main")
    merged = _dated(monkeypatch, 3)
    git.run(clone, "merge", "--quiet", "--no-ff", "--message", "Merge the change", "change")
    assert _since(clone, "dev") == ("1.1.0", merged)


def test_a_difference_waits_for_the_pin_and_the_pin_brings_what_waited(clone: Path, command: Command) -> None:
    title = f"=== {_APP.format('payments', 'production')} (production, gate manual"

    def headings(*range_: str) -> list[str]:
        lines = command("diff", *range_, "--root", clone).out.splitlines()
        return [line for line in lines if line.startswith(f"=== {_APP.format('payments', '')}")]

    assert headings("HEAD~1") == [f"{title})"], "the first release brings everything"
    change = _tag(clone, "payments", "1.1.0", "production")
    assert headings("HEAD~1") == [f"{title}, waits for a move of the pin {_PIN})"]
    _release(clone, change)
    assert headings("HEAD~1") == [f"{title})"]
