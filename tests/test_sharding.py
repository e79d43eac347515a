"""`validate --shard` and `--merge`: all parts together say what one run says, and parts that do not fit are refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from checking import check, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import Command, Result, commit

from scaffold import git
from scaffold.errors import ScaffoldError
from scaffold.model import Confidence, Identity, LocatedFinding, Location, Place, Remedy, Severity
from scaffold.report import FORMATS
from scaffold.validate import Options, merged, packing, part, parts

# Findings of every scope, in several overlays: fixable, excused, silenced, settled elsewhere, failing, not rendered.
_TREE = """
# .gitops-scaffold.yaml
rules:
  orphan-manifest: error
# base/kustomization.yaml
resources:
  - deployment.yaml
  - config.yaml
# base/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replica: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web
          envFrom:
            - configMapRef:
                name: web-setings
# base/config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web-settings
# base/lone.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: lone
# dev/kustomization.yaml
namespace: dev
resources:
  - ../base
# staging/kustomization.yaml
namespace: staging
resources:
  - ../base
images:
  - name: registry.example.com/web
    newTag: latest # gitops-scaffold: ignore floating-image: built every night
# production/kustomization.yaml
namespace: production
resources:
  - ../base
  - absent.yaml
# remote/kustomization.yaml
resources:
  - https://git.example.com/platform/base.git
# excused/pod.yaml
apiVersion: v1
kind: Pod
metadata:
  name: once
  annotations:
    ignore.gitops-scaffold.github.io/floating-image: built every night
    ignore.gitops-scaffold.github.io/removed-api: idle
spec:
  containers:
    - name: once
      image: registry.example.com/once
# applications/one.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: team
  source:
    repoURL: https://git.example.com/example-org/fleet.git
    path: dve
  destination:
    name: in-cluster
    namespace: dev
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return write(tmp_path / "repository", _TREE)


def _shards(command: Command, root: Path, of: int, *options: str) -> list[Path]:
    files = [root.parent / f"part-{number}.json" for number in range(1, of + 1)]
    for number, file in enumerate(files, 1):
        result = command("validate", root, "--shard", f"{number}/{of}", "--output", file, *options)
        assert (result.code, result.out) == (0, ""), result
    return files


def _merge(command: Command, root: Path, files: list[Path], *options: str) -> Result:
    return command("validate", root, "--merge", *files, *options)


@pytest.mark.parametrize("of", [2, 11])
def test_together_they_say_what_one_run_says(repository: Path, command: Command, of: int) -> None:
    files = _shards(command, repository, of)
    assert _merge(command, repository, files) == (one := command("validate", repository))
    assert one.code == 1
    assert {"schema-violation", "missing-resource", "unused-ignore", "missing-config", "orphan-manifest"} <= {
        line.rpartition("[")[2].removesuffix("]") for line in one.out.splitlines() if line.endswith("]")
    }
    assert "skipped remote" in one.err


def test_every_format_is_the_same(repository: Path, command: Command) -> None:
    files = _shards(command, repository, 2)
    for name in FORMATS:
        assert _merge(command, repository, files, "--format", name) == command("validate", repository, "--format", name)


@pytest.mark.parametrize("options", [("--profile", "security", "--no-cache"), ("--require-rendered",)])
def test_options_are_given_to_both(repository: Path, command: Command, options: tuple[str, ...]) -> None:
    files = _shards(command, repository, 2, *options)
    assert _merge(command, repository, files, *options) == command("validate", repository, *options)


def test_a_clean_repository_is_0(command: Command, tmp_path: Path) -> None:
    root = write(tmp_path / "clean", "# config.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n")
    result = _merge(command, root, _shards(command, root, 2))
    assert result == command("validate", root)
    assert result.code == 0


def test_only_what_a_change_reaches_is_shared_out(repository: Path, command: Command) -> None:
    git.run(repository, "init", "--quiet")
    commit(repository)
    (repository / "staging" / "kustomization.yaml").write_text("namespace: production\nresources:\n  - ../base\n")
    files = _shards(command, repository, 2, "--changed-since", "HEAD")
    assert [len(json.loads(file.read_text())["results"]) for file in files] == [1, 0]
    one = command("validate", repository, "--changed-since", "HEAD")
    assert _merge(command, repository, files, "--changed-since", "HEAD") == one


def test_a_baseline_and_fixes_are_for_the_whole(repository: Path, command: Command, tmp_path: Path) -> None:
    files = _shards(command, repository, 2)
    known = tmp_path / "known.json"
    assert _merge(command, repository, files, "--baseline", str(known), "--write-baseline").code == 0
    assert _merge(command, repository, files, "--baseline", str(known)).code == 0
    assert _merge(command, repository, files, "--diff") == command("validate", repository, "--diff")


def test_a_part_is_printed_where_no_file_is_named(repository: Path, command: Command) -> None:
    result = command("validate", repository, "--shard", "2/2")
    assert json.loads(result.out)["shard"] == [2, 2]
    assert result.err == "shard 2/2, 3 overlays; read it with --merge\n"


def test_the_same_on_another_machine(repository: Path, command: Command, tmp_path: Path) -> None:
    files = _shards(command, repository, 2)
    there = Path(shutil.copytree(repository, tmp_path / "elsewhere" / "checkout"))
    assert _merge(command, there, files) == command("validate", there)


def _refused(command: Command, *arguments: str | Path) -> str:
    result = command("validate", *arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.count("\n") == 1
    return result.err.removeprefix("gitops-scaffold: error: ").rstrip("\n")


@pytest.mark.parametrize("shard", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2", "1/2/3"])
def test_a_shard_is_one_of_many(command: Command, repository: Path, shard: str) -> None:
    assert _refused(command, repository, "--shard", shard).endswith(f"shard {shard!r} is none; write one such as 1/4")


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--merge", "part.json"), "--shard writes a part and --merge reads them; choose one"),
        (("--format", "json"), "--format needs the whole result; give it to --merge"),
        (("--output", "json=x.json"), "--shard writes one file; give other outputs to --merge"),
        (("--baseline", "known.json"), "--baseline needs the whole result; give it to --merge"),
        (("--diff",), "--diff needs the whole result; give it to --merge"),
        (("--fix",), "--fix needs the whole result; mend without shards"),
    ],
)
def test_what_needs_the_whole(repository: Path, command: Command, options: tuple[str, ...], why: str) -> None:
    assert _refused(command, repository, "--shard", "1/2", *options) == why


def test_fixes_are_not_made_from_parts(repository: Path, command: Command) -> None:
    files = _shards(command, repository, 1)
    why = "--fix needs the whole result; mend without shards"
    assert _refused(command, repository, "--fix", "--merge", *files) == why


def test_two_paths_are_one_too_many(repository: Path, command: Command) -> None:
    message = _refused(command, repository / "dev", repository / "base")
    assert message.endswith("is one path too many; name the directory that holds both")


def test_parts_that_do_not_fit_are_refused(repository: Path, command: Command, tmp_path: Path) -> None:
    one, two = _shards(command, repository, 2)
    assert "shard 2/2 is not among the parts" in _refused(command, repository, "--merge", one)
    again = tmp_path / "again.json"
    shutil.copy(one, again)
    assert "are both shard 1/2; leave one out" in _refused(command, repository, "--merge", one, two, again)
    (third,) = _shards(command, repository, 1)
    assert "name parts of one run" in _refused(command, repository, "--merge", third, two)


def test_parts_of_another_state_are_refused(repository: Path, command: Command) -> None:
    files = _shards(command, repository, 2)
    with (repository / "base" / "config.yaml").open("a") as file:
        file.write("data: {}\n")
    message = _refused(command, repository, "--merge", *files)
    assert "saw another state of 'dev'; run its shard on this commit" in message


def test_parts_without_a_new_overlay_are_refused(repository: Path, command: Command) -> None:
    files = _shards(command, repository, 2)
    write(repository, "# new/kustomization.yaml\nresources:\n  - ../base\n")
    assert "overlay 'new' is in no part" in _refused(command, repository, "--merge", *files)


def test_parts_made_otherwise_are_refused(repository: Path, command: Command) -> None:
    files = _shards(command, repository, 1, "--profile", "strict")
    message = _refused(command, repository, "--merge", *files)
    assert message.endswith("was made with profile 'strict', not 'default'; run its shard again with it")
    files[0].write_text(files[0].read_text().replace('"0.', '"9.', 1))
    assert "was made with version '9." in _refused(command, repository, "--profile", "strict", "--merge", *files)


def test_a_part_that_is_not_there(repository: Path, command: Command) -> None:
    assert "part 'absent.json' cannot be read" in _refused(command, repository, "--merge", "absent.json")


def _broken(value: object) -> Iterator[object]:
    """Everything with one value taken out, or made into one of another type."""
    if isinstance(value, list | dict):
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        for key in keys:
            rest = value.copy()
            rest.pop(key)
            yield rest
            for inner in _broken(value[key]):
                changed = value.copy()
                changed[key] = inner
                yield changed
    else:
        yield {"not": "this"}


def test_a_damaged_part_is_one_line(repository: Path, tmp_path: Path) -> None:
    data, file = json.loads(parts.text(part(repository, Options(jobs=1), parts.Shard(1, 1)))), tmp_path / "part.json"
    damaged = list(_broken({**data, "results": data["results"][:2]}))
    assert len(damaged) > 100
    refused = []
    for state in damaged:
        file.write_text(json.dumps(state))
        try:
            parts.read(file)
        except ScaffoldError as error:
            refused.append(str(error))
    assert {message.partition("' is ")[2] for message in refused} == {"none that --shard wrote; run its shard again"}
    assert len(refused) > len(damaged) * 0.9  # an item less in a list is a smaller part


def test_a_part_says_everything_again(repository: Path, tmp_path: Path) -> None:
    whole = part(repository, Options(jobs=1), parts.Shard(1, 1))
    (tmp_path / "part.json").write_text(parts.text(whole))
    assert parts.read(tmp_path / "part.json") == whole
    assert merged(repository, Options(jobs=1), {"part.json": whole}) == check(repository)


_text = st.text(max_size=8)
_pointer = st.lists(_text | st.integers(), max_size=3).map(tuple)
_identity = st.builds(Identity, _text, _text, _text, _text)
_place = st.builds(Place, _text, st.integers(), _pointer, st.booleans(), overlay=_text, identity=st.none() | _identity)
_findings = st.builds(
    LocatedFinding,
    st.builds(Location, _text, st.integers(), st.integers()),
    _text,
    _text,
    st.sampled_from(Severity),
    st.sampled_from(Confidence),
    excuse=_text,
    remedy=st.none() | st.builds(Remedy, _text, _text, _place),
    unless=st.none() | _identity,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(_findings)
def test_values_survive(finding: LocatedFinding) -> None:
    again = packing.unpacked(LocatedFinding, json.loads(packing.packed(finding)))
    assert (again, again.remedy, again.unless) == (finding, finding.remedy, finding.unless)
