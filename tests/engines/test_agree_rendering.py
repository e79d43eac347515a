"""What directories render to: each case given to kustomize or Helm, to Argo CD's repo-server, and to our renderer.

A case is an element of a file in `agree/rendering/`, and the file's name says what takes the directory for its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import pytest

from engines import renderings
from engines.argocd import ArgoCD
from engines.processes import EngineError
from engines.remotes import ADDRESS, Remote
from engines.renderings import Case, Manifests, by_identity
from scaffold import load, survey
from scaffold.model import How
from scaffold.parse import parse
from scaffold.render import RenderError, builders, kustomize
from scaffold.validate import batches


class _Ours(NamedTuple):
    """What we render: the manifests by directory, what validation says of each case, and kustomizations in batches."""

    manifests: Mapping[str, Manifests]
    errors: Mapping[str, str]
    batch: Mapping[str, list[Any] | RenderError]


def _title(case: Case) -> str:
    return f"{case.identity}: {case.told['case']}"


def _known(case: Case) -> tuple[pytest.MarkDecorator, ...]:
    """A bug of ours that is known; whoever mends it is told by the failing test."""
    return (pytest.mark.xfail(reason=case.told["bug"]),) if "bug" in case.told else ()


CASES = tuple(renderings.cases())


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of a directory and an application for every case."""
    root = tmp_path_factory.mktemp("rendering") / "tree"
    for case in CASES:
        renderings.write(case, root, ADDRESS)
    return root


@pytest.fixture(scope="module")
def theirs(argo: ArgoCD, tree: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Manifests | str]:
    """What the repo-server makes of every case, or why it does not."""
    remote = Remote(tmp_path_factory.mktemp("rendering-remote"))
    remote.push(tree)
    argo.kube.apply(renderings.project(remote.url))
    argo.kube.apply(*(renderings.application(case, remote.url) for case in CASES))
    client = argo.administrator()
    found: dict[str, Manifests | str] = {}
    for case in CASES:
        answer = client.ask("GET", f"/api/v1/applications/{case.identity}/manifests")
        items = [json.loads(text) for text in answer.body["manifests"]] if answer.ok else []
        found[case.identity] = by_identity(items) if answer.ok else answer.message
    return found


@pytest.fixture(scope="module")
def ours(argo: ArgoCD, tree: Path) -> _Ours:
    """What our renderer makes of every case: one by one, and of kustomizations in batches."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", argo.control.environment["PATH"])
        results = tuple(survey.Renderer(tree, "", None).each(None))
        batch = dict(_batched(tree))
        report = json.loads(_validated(tree))
    manifests = {result.path: by_identity(_documents(result.text)) for result in results if not result.error}
    errors = {_case(item["path"]): item["message"] for item in report["findings"] if item["severity"] == "error"}
    return _Ours({**manifests, **dict(_plain(tree))}, errors, batch)


def _case(path: str) -> str:
    """The case that a finding is about: it stands in the directory, or at the application that deploys that."""
    first, *rest = PurePosixPath(path).parts
    return PurePosixPath(rest[0]).stem if first == "applications" else first


def _batched(tree: Path) -> Iterator[tuple[str, list[Any] | RenderError]]:
    """The kustomizations as validation builds them, many in one process."""
    repository = survey.survey(tree)
    overlays = [
        overlay for overlay in repository.overlays.values() if overlay.how is How.KUSTOMIZE and not overlay.error
    ]
    for group in batches.batches(overlays, repository, 1):
        yield from kustomize.build_many(builders.find(), tree, [overlay.path for overlay in group]).items()


def _validated(tree: Path) -> str:
    """What validation says of the tree, as JSON."""
    command = (sys.executable, "-m", "scaffold", "validate", "--no-cache", "--format", "json", str(tree))
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=120).stdout


def _plain(tree: Path) -> Iterator[tuple[str, Manifests]]:
    """The directories that nobody builds, with the objects in them."""
    for overlay in survey.survey(tree).overlays.values():
        if overlay.how is How.PLAIN:
            files = (load.source_file(path, (tree / path).read_bytes(), keep=True) for path in overlay.reads)
            members = (part.data for file in files for item in file.manifests() for part in load.members(item))
            yield overlay.path, by_identity(members)


@pytest.mark.parametrize("case", [pytest.param(case, marks=_known(case), id=_title(case)) for case in CASES])
def test_a_directory_renders_as_predicted(
    case: Case, argo: ArgoCD, tree: Path, theirs: Mapping[str, Manifests | str], ours: _Ours
) -> None:
    made = theirs[case.identity]
    if case.fails:
        assert isinstance(made, str)
        assert case.identity in ours.errors
        assert case.directory not in ours.manifests
        return
    assert isinstance(made, dict), made
    assert ours.manifests.get(case.directory) == made, ours.errors.get(case.identity)
    if case.how == "kustomize":
        batched = ours.batch[case.directory]
        assert not isinstance(batched, RenderError)
        assert by_identity(batched) == made
        assert _kustomized(argo, tree / case.directory) == made


def _kustomized(argo: ArgoCD, directory: Path) -> Manifests:
    command = (argo.control.programs / "kustomize", "build", directory)
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise EngineError(done.stderr)
    return by_identity(_documents(done.stdout))


def _documents(text: str) -> list[Any]:
    return [item for item in parse(text).documents if item]
