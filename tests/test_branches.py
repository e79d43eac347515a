"""A fleet whose environments have branches of their own: each command reads and writes the one that counts."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from running import Command, commit, files, status

from scaffold import followed, git, instants, promote
from scaffold.cli import main
from scaffold.promote import Wanted

_IMAGE = "registry.example.com/checkout/payments"
_APP = "apps/checkout/payments"
_BASE = f"{_APP}/base/deployment.yaml"
_ENVIRONMENTS = ("dev", "staging", "production")


@pytest.fixture(scope="module")
def _branched(_written: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bare repository with the fleet on its trunk and on a branch for each environment."""
    path = tmp_path_factory.mktemp("branched")
    shutil.copytree(_written, path / "fleet")
    assert main(["set", "environment_strategy=branches", "--repository", str(path / "fleet")]) == 0
    commit(path / "fleet")
    git.run(path, "clone", "--quiet", "--bare", "fleet", "remote.git")
    for name in _ENVIRONMENTS:
        git.run(path / "remote.git", "branch", f"env/{name}", "main")
    return path / "remote.git"


@pytest.fixture
def remote(_branched: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(_branched, tmp_path / "remote.git"))


@pytest.fixture
def clone(remote: Path, tmp_path: Path) -> Path:
    git.run(tmp_path, "clone", "--quiet", str(remote), "clone")
    return tmp_path / "clone"


@pytest.fixture
def run(command: Command, clone: Path) -> Callable[..., tuple[int, str]]:
    """Run a command in the clone; gives its exit code and all that it said."""

    def run(*arguments: str) -> tuple[int, str]:
        result = command(*arguments, "--repository", clone)
        git.run(clone, "fetch", "--quiet")
        return result.code, result.out + result.err

    return run


Run = Callable[..., tuple[int, str]]


def _more_memory(clone: Path) -> None:
    """A change of the base, on the trunk."""
    path = clone / _BASE
    path.write_text(path.read_text().replace("memory: 128Mi", "memory: 256Mi"))
    commit(clone)
    git.run(clone, "push", "--quiet")


def test_generators_follow_the_branches_and_the_tree_is_valid(clone: Path, command: Command) -> None:
    for name in _ENVIRONMENTS:
        text = (clone / f"teams/checkout/control-plane/{name}/applications.yaml").read_text()
        assert text.count(f'evision: "env/{name}"') == 2, "of the generator and of what it makes"
        assert 'evision: "main"' in (clone / f"teams/checkout/control-plane/{name}/baseline.yaml").read_text()
    result = command("validate", clone)
    assert (result.code, result.out) == (0, ""), "the applications of every branch are found"
    known = json.loads(command("inventory", clone, "--format", "json").out)["applications"]
    assert [item["name"] for item in known if "payments" in item["name"]] == [
        f"checkout-payments-{name}" for name in sorted(_ENVIRONMENTS)
    ]


def test_base_and_version_go_from_branch_to_branch(clone: Path, remote: Path, run: Run) -> None:
    _more_memory(clone)
    assert run("bump", f"{_IMAGE}:1.1.0", "-e", "dev", "--push")[0] == 0
    early = run("promote", "payments", "--to", "production", "--push")
    assert early == (0, "production has everything already\n"), "staging has nothing new yet"
    code, said = run("promote", "payments", "--to", "dev", "--push")
    assert (code, f"{_BASE}: as in main\n" in said) == (0, True)
    assert "1.1.0" in git.run(remote, "show", f"env/dev:{_APP}/overlays/dev/kustomization.yaml")
    arguments = ("promote", "--all", "--to", "staging", "--pull-request", "--forge", "none")
    head = "promote/staging/checkout-payments"
    code, said = run(*arguments)
    assert f"open a pull request from {head} into env/staging: 'Promote checkout/payments to staging'\n" in said
    assert "payments           1.1.0  1.0.0 -> 1.1.0  1.0.0\n" in said
    assert git.run(remote, "diff", "--name-only", "env/staging", head).split() == [
        _BASE,
        f"{_APP}/overlays/staging/kustomization.yaml",
    ]
    assert git.run(remote, "diff", "env/dev", head, "--", f"{_APP}/base") == ""
    assert "\nPromoted-from: dev\nEnvironment: staging\n" in git.run(remote, "log", "-1", "--format=%B", head)
    assert status(clone) == []
    assert len(git.run(clone, "worktree", "list").splitlines()) == 1


def test_a_base_alone_stays_as_long_as_a_version_does(clone: Path, run: Run) -> None:
    settings = clone / ".gitops-scaffold.yaml"
    settings.write_text(settings.read_text() + "promotions:\n  - applications: ['*']\n    soak: 24\n")
    _more_memory(clone)
    assert run("promote", "payments", "--to", "dev", "--push")[0] == 0, "nothing is before the first stage"
    moment = instants.parsed(git.run(clone, "log", "-1", "--format=%cI", "origin/env/dev").strip())
    since, until = (instants.written(moment + datetime.timedelta(hours=hours)) for hours in (0, 24))
    fact = f"'dev' has checkout/payments with {_BASE} as it is since {since}, less than 24 h"
    said = f"gitops-scaffold: refused: {fact}; promote it from {until} on\n"
    assert run("promote", "payments", "--to", "staging", "--push") == (1, said)
    with followed.states(clone, fresh=True) as states:
        planned = promote.plan(states, Wanted(("payments",), "staging"), moment + datetime.timedelta(hours=25))
        assert [item.brought for item in planned.promotions] == [(_BASE,)]


def test_files_at_hand_are_those_of_one_environment(clone: Path, run: Run) -> None:
    before = files(clone)
    bump = ("bump", f"{_IMAGE}:1.1.0", "-e", "dev")
    code, said = run(*bump)
    assert (code, said.startswith("gitops-scaffold: error: 'dev' follows branch 'env/dev', which is not")) == (2, True)
    assert run(*bump, "--dry-run")[0] == 0
    assert files(clone) == before
    git.run(clone, "switch", "--quiet", "--create", "newer", "origin/env/dev")
    assert run(*bump)[0] == 0, "the branch tracks that of dev"
    assert status(clone) == [f" M {_APP}/overlays/dev/kustomization.yaml"]


def test_an_application_arrives_whole_and_skips_no_stage(clone: Path, remote: Path, run: Run) -> None:
    shutil.copytree(clone / _APP, clone / "apps/checkout/search")
    for path in (clone / "apps/checkout/search").rglob("*.y*ml"):
        path.write_text(path.read_text().replace("payments", "search"))
    commit(clone)
    git.run(clone, "push", "--quiet")
    assert run("promote", "search", "--to", "staging", "--push") == (
        1,
        "gitops-scaffold: refused: checkout/search is not in 'dev' yet; promote it there first\n",
    )
    assert run("promote", "search", "--to", "dev", "--push")[0] == 0
    assert git.run(remote, "diff", "--name-only", "main", "env/dev") == ""


def test_an_environment_that_an_application_got_later_comes_from_the_trunk(clone: Path, remote: Path, run: Run) -> None:
    assert run("bump", f"{_IMAGE}:1.1.0", "-e", "dev", "--push")[0] == 0
    for name in ("dev", "staging"):
        git.run(clone, "switch", "--quiet", f"env/{name}")
        git.run(clone, "pull", "--quiet")
        shutil.rmtree(clone / _APP / "overlays/staging")
        commit(clone)
        git.run(clone, "push", "--quiet")
    git.run(clone, "switch", "--quiet", "main")
    _more_memory(clone)
    assert run("promote", "payments", "--to", "staging", "--push")[0] == 0
    own = f"{_APP}/overlays/staging/kustomization.yaml"
    assert git.run(remote, "diff", "--name-only", "env/dev", "env/staging", "--", _APP).split() == [own]
    assert "1.1.0" in git.run(remote, "show", f"env/staging:{own}")


def test_a_new_environment_says_how_its_branch_is_made(clone: Path, remote: Path, run: Run) -> None:
    assert run("bump", f"{_IMAGE}:1.1.0", "-e", "dev", "--push")[0] == 0
    code, said = run("add", "environment", "qa", "--after", "dev", "--like", "dev")
    (push,) = re.findall(r"once this is merged, 'git fetch && git (push .*)' makes the branch that qa follows", said)
    (promote,) = re.findall(r"'gitops-scaffold (promote .*) --pull-request' brings versions", said)
    assert code == 0
    commit(clone)
    git.run(clone, "push", "--quiet")
    git.run(clone, *push.split())
    assert run(*promote.split(), "--push")[0] == 0
    assert "1.1.0" in git.run(remote, "show", f"env/qa:{_APP}/overlays/qa/kustomization.yaml")
    said = run("add", "environment", "qa", "--app", "checkout/payments")[1]
    assert "makes the branch" not in said, "it is there"


def test_check_compares_with_the_branch_of_the_stage_before(clone: Path, run: Run) -> None:
    git.run(clone, "switch", "--quiet", "--detach", "origin/env/production")
    path = clone / _APP / "overlays/production/kustomization.yaml"
    path.write_text(path.read_text().replace('"1.0.0"', '"1.1.0"'))
    code, said = run("promote", "--check", "origin/env/production")
    assert (code, "production gets registry.example.com/checkout/payments 1.1.0, which staging" in said) == (1, True)
    assert run("promote", "--check", "origin/main") == (0, "skipped stages since origin/main: 0\n")
    assert "names no branch" in run("promote", "--check", "HEAD~0")[1]
    assert run("bump", f"{_IMAGE}:1.1.0", "-e", "staging", "--push")[0] == 0
    assert run("promote", "--check", "origin/env/production")[0] == 0
    path = clone / _BASE
    path.write_text(path.read_text().replace("memory: 128Mi", "memory: 256Mi"))
    said = (
        f"{_BASE}: error: production gets this file as it is now, which staging had not before; promote it to staging"
    )
    code, printed = run("promote", "--check", "origin/env/production")
    assert (code, printed.startswith(said)) == (1, True), "a base is not edited on an environment's branch"


def test_rollback_takes_the_base_of_the_branch_along(clone: Path, remote: Path, run: Run) -> None:
    _more_memory(clone)
    start = git.run(remote, "rev-parse", "env/dev").strip()
    assert run("promote", "payments", "--to", "dev", "--push")[0] == 0
    assert run("rollback", "payments", "-e", "dev", "--reason", "out of memory", "--push")[0] == 0
    hold = f"{_APP}/overlays/dev/.hold"
    assert git.run(remote, "diff", "--name-only", start, "env/dev").split() == [hold]
    assert "memory: 256Mi" in git.run(remote, "show", f"main:{_BASE}")
    assert run("hold", "list")[1].startswith(f"{_APP}/overlays/dev: until ")
    assert "is held until" in run("promote", "payments", "--to", "dev", "--push")[1]
    assert run("hold", "release", "payments", "-e", "dev", "--push")[0] == 0
    assert run("hold", "list") == (0, "holds: 0\n")


def test_inventory_and_report_say_what_the_branches_have(clone: Path, command: Command, run: Run) -> None:
    assert run("bump", f"{_IMAGE}:1.1.0", "-e", "dev", "--push")[0] == 0
    known = json.loads(command("inventory", clone, "--format", "json").out)
    images = {item["name"]: item["images"] for item in known["applications"] if "payments" in item["name"]}
    assert images == {
        "checkout-payments-dev": [f"{_IMAGE}:1.1.0"],
        "checkout-payments-production": [f"{_IMAGE}:1.0.0"],
        "checkout-payments-staging": [f"{_IMAGE}:1.0.0"],
    }
    assert [item["branch"] for item in known["environments"]] == [f"env/{name}" for name in _ENVIRONMENTS]
    assert "1.1.0" in command("report", clone, "--format", "markdown").out
    git.run(clone, "update-ref", "-d", "refs/remotes/origin/env/dev")
    result = command("inventory", clone)
    assert (result.code, result.err.startswith("dev is shown as the files at hand have it: branch ")) == (0, True)


def _told(command: Command, clone: Path, *arguments: str) -> tuple[list[str], list[str], str]:
    """The headings of a difference, its lines, and what is said beside it."""
    result = command("diff", *arguments, "--root", clone)
    lines = result.out.splitlines()
    return [line.removeprefix("=== ") for line in lines if line.startswith("=== ")], lines, result.err


_GATES = (("dev", "auto"), ("staging", "auto"), ("production", "manual"))


def test_a_change_of_the_trunk_is_compared_with_the_branches_that_get_it(
    clone: Path, command: Command, run: Run
) -> None:
    _more_memory(clone)
    assert run("promote", "payments", "--to", "dev", "--push")[0] == 0
    shutil.copytree(clone / _APP, clone / "apps/checkout/search")
    for path in (clone / "apps/checkout/search").rglob("*.y*ml"):
        path.write_text(path.read_text().replace("payments", "search"))
    base = clone / _BASE
    base.write_text(base.read_text().replace("memory: 256Mi", "memory: 512Mi"))
    overlay = clone / _APP / "overlays/staging/kustomization.yaml"
    overlay.write_text(overlay.read_text() + "commonAnnotations: {a: b}\n")
    namespace = clone / "teams/checkout/environments/dev/limits.yaml"
    namespace.write_text(re.sub("requests.cpu: .*", 'requests.cpu: "7"', namespace.read_text()))
    headings, lines, said = _told(command, clone)
    waiting = (
        "what the engine creates (waits for its promotion to env/{0})",
        *(
            f"apps/checkout/{name}/overlays/{{0}} ({{0}}, gate {{1}}, waits for its promotion to env/{{0}})"
            for name in ("payments", "search")
        ),
    )
    assert headings == [
        "teams/checkout/environments/dev (dev, gate auto)",
        *(text.format(*each) for each in _GATES for text in waiting),
    ]
    was = [line.split()[2] for line in lines if line.split()[:2] == ["-", "memory:"]]
    assert was == ["256Mi", "128Mi", "128Mi"], "in each environment what its branch has"
    own = f"{_APP}/overlays/staging/kustomization.yaml: staging follows env/staging, which has its own"
    assert f"{own}; change it there\n" in said


def test_a_change_of_a_branch_counts_for_its_environment(clone: Path, command: Command) -> None:
    git.run(clone, "switch", "--quiet", "--create", "newer", "origin/env/staging")
    for name in _ENVIRONMENTS:
        path = clone / _APP / f"overlays/{name}/kustomization.yaml"
        path.write_text(path.read_text().replace("1.0.0", "1.1.0"))
    quota = clone / "teams/checkout/environments/staging/limits.yaml"
    quota.write_text(re.sub("requests.cpu: .*", 'requests.cpu: "7"', quota.read_text()))
    commit(clone)
    only = [f"{_APP}/overlays/staging (staging, gate auto)"]
    assert _told(command, clone, "origin/env/staging...HEAD")[0] == only
    headings, _, said = _told(command, clone, "HEAD~1...HEAD")
    assert (headings, "'HEAD~1' names no branch" in said) == (only, True), "what is checked out tracks its branch"


def test_a_branch_that_is_not_here_is_said(clone: Path, command: Command) -> None:
    for name in _ENVIRONMENTS:
        git.run(clone, "update-ref", "-d", f"refs/remotes/origin/env/{name}")
    base = clone / _BASE
    base.write_text(base.read_text().replace("memory: 128Mi", "memory: 512Mi"))
    headings, _, said = _told(command, clone)
    assert (headings, said.count(" is not compared: branch 'env/")) == ([], 3)


def test_what_goes_or_is_renamed_goes_branch_by_branch(run: Run) -> None:
    _, told = run("remove", "app", "payments", "--team", "checkout", "--dry-run")
    steps = [line for line in told.splitlines() if line[:2] in ("1.", "2.", "4.", "5.")]
    first = "2. make the same change on a branch cut from env/dev and merge it there"
    assert steps == [
        "1. merge this into main; no application changes by that",
        f"{first}; Argo CD deletes checkout-payments-dev with all that was deployed",
        "4. make the same change on a branch cut from env/production and merge it there; Argo CD deletes nothing",
        "5. as an administrator: argocd app delete checkout-payments-production",
    ]
    _, told = run("rename", "app", "payments", "billing", "--team", "checkout", "--dry-run", "--allow-destructive")
    assert (
        "3. make the same change on a branch cut from env/staging and merge it there; Argo CD makes it anew, "
        "without the data in volumes, and deletes checkout-payments-staging with all that was deployed"
    ) in told
