"""`promote`: versions go one stage on, what belongs to the environment stays."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from running import Command, commit, files, status

from scaffold import followed, git, instants, promote
from scaffold.promote import Wanted

_IMAGE = "registry.example.com/checkout/payments"
_APP = "apps/checkout/payments"
_PATCH = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: payments
spec:
  minReadySeconds: 5
"""


def _overlay(fleet: Path, environment: str) -> Path:
    return fleet / _APP / "overlays" / environment / "kustomization.yaml"


def _write(fleet: Path, environment: str, old: str, new: str) -> None:
    path = _overlay(fleet, environment)
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


@pytest.fixture
def ahead(fleet: Path) -> Path:
    """The fleet with version 1.1.0 in dev, committed."""
    _write(fleet, "dev", 'newTag: "1.0.0"', 'newTag: "1.1.0" # by CI')
    commit(fleet)
    return fleet


def test_the_version_and_nothing_else(command: Command, ahead: Path) -> None:
    before = _overlay(ahead, "staging").read_text()
    result = command("promote", "payments", "--to", "staging", "--repository", ahead)
    assert result == (
        0,
        "checkout/payments  dev    staging         production\npayments           1.1.0  1.0.0 -> 1.1.0  1.0.0\n",
        "next: gitops-scaffold validate, then commit\n",
    )
    assert _overlay(ahead, "staging").read_text() == before.replace('"1.0.0"', '"1.1.0"')
    assert status(ahead) == [f" M {_APP}/overlays/staging/kustomization.yaml"]
    again = command("promote", "payments", "--to", "staging", "--repository", ahead)
    assert (again.code, again.err) == (0, "staging has everything already\n")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (
            ["payments", "--to", "production", "--from", "dev"],
            1,
            "refused: 'dev' is not the stage before 'production'; promote from 'staging'",
        ),
        (
            ["payments", "--to", "dev"],
            2,
            "error: checkout/payments is in no stage before 'dev'; 'gitops-scaffold bump' brings",
        ),
        (["payment", "--to", "staging"], 2, "error: application 'payment' is unknown in 'staging'; did you mean"),
        (["--to", "staging"], 2, "error: one of APP and --all is needed; name an application such as payments"),
        (["payments"], 2, "error: nothing says where to; name an environment with --to, such as --to staging"),
    ],
)
def test_refused(command: Command, ahead: Path, arguments: list[str], code: int, said: str) -> None:
    result = command("promote", *arguments, "--repository", ahead)
    assert (result.code, status(ahead)) == (code, [])
    assert result.err.startswith(f"gitops-scaffold: {said}")


def test_older_version_is_refused(command: Command, ahead: Path) -> None:
    _write(ahead, "staging", "1.0.0", "1.2.0")
    result = command("promote", "payments", "--to", "staging", "--repository", ahead)
    assert result.err == (
        f"gitops-scaffold: refused: {_APP}/overlays/staging has 1.2.0, which is newer than 1.1.0 of 'dev'; "
        "--allow-older goes back\n"
    )
    assert command("promote", "payments", "--to", "staging", "--allow-older", "--repository", ahead).code == 0
    assert 'newTag: "1.1.0"' in _overlay(ahead, "staging").read_text()


def test_policy_of_the_repository(command: Command, ahead: Path) -> None:
    settings = ahead / ".gitops-scaffold.yaml"
    plain = settings.read_text()
    settings.write_text(plain + "promotions:\n  - applications: ['checkout/*']\n    soak: 24\n")
    moment = instants.parsed(git.run(ahead, "log", "-1", "--format=%cI").strip())
    result = command("promote", "payments", "--to", "staging", "--repository", ahead)
    since, until = (instants.written(moment + datetime.timedelta(hours=hours)) for hours in (0, 24))
    fact = f"'dev' has checkout/payments 1.1.0 since {since}, less than 24 h"
    assert result.err == f"gitops-scaffold: refused: {fact}; promote it from {until} on\n"
    later = moment + datetime.timedelta(hours=25)
    with followed.states(ahead) as states:
        assert promote.plan(states, Wanted(("payments",), "staging"), later).promotions
    settings.write_text(plain + f"promotions:\n  - applications: ['checkout/*']\n    leave: [{_IMAGE}]\n")
    assert command("promote", "payments", "--to", "staging", "--repository", ahead).err.startswith("staging has every")


def test_patch_goes_along_and_is_folded_in_the_end(command: Command, ahead: Path) -> None:
    (_overlay(ahead, "dev").parent / "ready.yaml").write_text(_PATCH)
    _write(ahead, "dev", "images:\n", "patches:\n  - path: ready.yaml # slow start\nimages:\n")
    early = command("promote", "payments", "--fold", "ready.yaml", "--repository", ahead)
    assert early.err == (
        f"gitops-scaffold: refused: {_APP}/overlays/production has no patch 'ready.yaml'; "
        "'gitops-scaffold promote checkout/payments --to production --patch ready.yaml' brings it\n"
    )
    for environment in ("staging", "production"):
        result = command("promote", "payments", "--to", environment, "--patch", "ready.yaml", "--repository", ahead)
        assert result.code == 0
        assert (_overlay(ahead, environment).parent / "ready.yaml").read_text() == _PATCH
        assert '  - path: "ready.yaml"\n' in _overlay(ahead, environment).read_text()
    before = {name: command("render", f"{_APP}/overlays/{name}", "--root", ahead).out for name in ("dev", "production")}
    folded = command("promote", "payments", "--fold", "ready.yaml", "--repository", ahead)
    assert (folded.code, folded.err) == (0, "every overlay renders as before\n")
    assert [path for path in files(ahead) if path.endswith("ready.yaml")] == [f"{_APP}/base/ready.yaml"]
    for name, text in before.items():
        assert command("render", f"{_APP}/overlays/{name}", "--root", ahead).out == text
        assert "minReadySeconds: 5" in text


def test_patch_that_differs_is_not_folded(command: Command, ahead: Path) -> None:
    for environment in ("dev", "staging", "production"):
        (_overlay(ahead, environment).parent / "ready.yaml").write_text(_PATCH)
        _write(ahead, environment, "images:\n", "patches:\n  - path: ready.yaml\nimages:\n")
    (_overlay(ahead, "staging").parent / "ready.yaml").write_text(_PATCH.replace("5", "9"))
    before = files(ahead)
    result = command("promote", "payments", "--fold", "ready.yaml", "--repository", ahead)
    assert result.err == (
        f"gitops-scaffold: refused: 'ready.yaml' differs between {_APP}/overlays/dev and {_APP}/overlays/staging; "
        "make them equal first\n"
    )
    assert files(ahead) == before


def test_check_finds_what_skips_a_stage(command: Command, ahead: Path) -> None:
    _write(ahead, "production", 'newTag: "1.0.0"', 'newTag: "1.1.0"')
    result = command("promote", "--check", "HEAD", "--repository", ahead)
    line = _overlay(ahead, "production").read_text().splitlines().index('    newTag: "1.1.0"')
    said = f"production gets {_IMAGE} 1.1.0, which staging had not before; promote it to staging first"
    assert result.out == f"{_APP}/overlays/production/kustomization.yaml:{line}: error: {said}\n"
    assert (result.code, result.err) == (1, "skipped stages since HEAD: 1\n")
    _write(ahead, "staging", 'newTag: "1.0.0"', 'newTag: "1.1.0"')
    assert command("promote", "--check", "HEAD", "--repository", ahead).code == 1, "both at once skip one too"
    git.run(ahead, "commit", "--quiet", "-m", "Promote", "--", f"{_APP}/overlays/staging")
    assert command("promote", "--check", "HEAD", "--repository", ahead).code == 0


def test_check_lets_an_environment_go_back(command: Command, ahead: Path) -> None:
    for version in ("1.1.0", "1.2.0"):
        for environment in ("staging", "production"):
            text = _overlay(ahead, environment).read_text()
            _overlay(ahead, environment).write_text(text.replace("1.1.0", version).replace("1.0.0", version))
        commit(ahead)
    _write(ahead, "production", "1.2.0", "1.1.0")
    _write(ahead, "staging", "1.2.0", "1.3.0")
    result = command("promote", "--check", "HEAD", "--repository", ahead)
    assert [line.partition(":")[0] for line in result.out.splitlines()] == [
        f"{_APP}/overlays/staging/kustomization.yaml"
    ]


def test_pull_request_of_every_application(command: Command, ahead: Path, tmp_path: Path) -> None:
    git.run(tmp_path, "clone", "--quiet", "--bare", str(ahead), "remote.git")
    git.run(tmp_path, "clone", "--quiet", "remote.git", "clone")
    arguments = ("--to", "staging", "--all", "--pull-request", "--forge", "none", "--repository", tmp_path / "clone")
    result = command("promote", *arguments)
    assert result.code == 0
    head = "promote/staging/checkout-payments"
    assert f"open a pull request from {head} into main: 'Promote checkout/payments to staging'\n" in result.out
    message = git.run(tmp_path / "remote.git", "log", "-1", "--format=%B", head)
    assert (
        "\n\nPromoted-from: dev\nEnvironment: staging\nImage: registry.example.com/checkout/payments:1.1.0\n" in message
    )
    assert command("promote", *arguments).code == 0
    assert git.run(tmp_path / "remote.git", "rev-list", "--count", f"main..{head}").strip() == "1"
    assert status(tmp_path / "clone") == []


_RELEASE = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: search
spec:
  url: oci://registry.example.com/charts/search
  ref:
    tag: 1.0.0
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: search
spec:
  chartRef: {kind: OCIRepository, name: search}
  values:
    replicas: 1
    image: {repository: registry.example.com/search, tag: 3.0.0}
"""
_VERSION = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: search}
spec:
  ref: {tag: 1.0.0}  # the chart
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: search}
spec:
  values:
    replicas: 2
    image: {tag: 3.0.0}
"""


def test_chart_version_of_flux(command: Command, tmp_path: Path) -> None:
    head = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - "
    environments = "environments:\n  - name: dev\n  - name: live\n"
    written = {
        ".gitops-scaffold.yaml": environments,
        "apps/shop/search/base/kustomization.yaml": f"{head}release.yaml\n",
        "apps/shop/search/base/release.yaml": _RELEASE,
    }
    for name in ("dev", "live"):
        overlay = f"apps/shop/search/overlays/{name}"
        written[f"{overlay}/kustomization.yaml"] = f"{head}../../base\npatches:\n  - path: version.yaml\n"
        written[f"{overlay}/version.yaml"] = _VERSION
    written["apps/shop/search/overlays/dev/version.yaml"] = _VERSION.replace("1.0.0", "1.4.0").replace("3.0.0", "3.1.0")
    for path, text in written.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    result = command("promote", "shop/search", "--to", "live", "--repository", tmp_path)
    assert result.out == ("shop/search  dev    live\nsearch       1.4.0  1.0.0 -> 1.4.0\n")
    live = (tmp_path / "apps/shop/search/overlays/live/version.yaml").read_text()
    assert live == _VERSION.replace("1.0.0", "1.4.0").replace("3.0.0", "3.1.0")
