"""What ApplicationSets make: each case given to the real controller, all at once, and to our prediction."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from engines import application_sets, argocd
from engines.application_sets import CASES, Case
from engines.argocd import ArgoCD
from engines.fleets import hold
from engines.processes import EngineError
from engines.remotes import Remote
from examples import EXAMPLES
from scaffold.expand import TreeView, expand
from scaffold.expand.expansion import Expansion

_SETTLE_SECONDS = 150
_QUIET_SECONDS = 6
_EMPTY = "argocd-empty"
_WITHOUT_FINALIZERS = {"metadata": {"finalizers": None}}
_PROJECTS = frozenset(("default", *(item["metadata"]["name"] for item in application_sets.projects())))
# What an error is about, in the controller's words or in ours.
_SUBJECTS = {
    "name": r"metadata\.name: Invalid|is not a DNS-1123",
    "label": r"metadata\.labels: Invalid|the label '",
    "annotation": r"metadata\.annotations: Invalid|the annotation key '",
    "duplicate": r"duplicate name",
    "project": r"project .*(not found|does not exist)",
    "destination": r"destination spec is invalid|there is no cluster|destination has",
    "missing key": r"map has no entry for key",
    "template": r"not defined|unexpected EOF|error calling|invalid template: ",
    "patch": r"invalid templatePatch",
    "panic": r"the controller panics",
    "selector": r"selector",
    "element": r"error parsing value as string",
    "elements": r"ElementsYaml",
    "file": r"unable to process file",
    "nothing to look for": r"ApplicationSet is empty|neither directories nor files",
    "children": r"than two generators",
    "parameter twice": r"found duplicate key",
    "merge key": r"not unique by the",
}


class Outcome(NamedTuple):
    """What came of a set: its applications by name, how far an error reached, and what that is about."""

    applications: dict[str, Any]
    error: str
    subjects: frozenset[str]
    settled: bool = True


@pytest.fixture(scope="module")
def remotes(tmp_path_factory: pytest.TempPathFactory, _own_git: None) -> dict[str, Remote]:
    """The repositories that the cases read."""
    directory = tmp_path_factory.mktemp("agree")
    for name, text in application_sets.WORLD["files"].items():
        path = directory / application_sets.BY_HAND / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    found = {}
    for name in {case.repository for case in CASES}:
        found[name] = Remote(directory / "remotes" / name)
        found[name].push(directory / name if name == application_sets.BY_HAND else EXAMPLES / name)
    return found


@pytest.fixture(scope="module")
def outcomes(argo: ArgoCD, remotes: Mapping[str, Remote]) -> Iterator[dict[str, Outcome]]:
    """What the controller makes of every case, read when nothing has changed for a while."""
    argo.kube.apply(*application_sets.projects(), *application_sets.clusters(), namespace=argocd.NAMESPACE)
    hold(2)
    argo.kube.apply(*(case.manifest(remotes[case.repository].url) for case in CASES))
    yield _settled(argo)
    for case in CASES:
        argo.kube.delete(argocd.API, "ApplicationSet", argocd.NAMESPACE, case.identity)
    for _, name, _ in _owned(argo):
        # The cluster's own collector of garbage may have been faster.
        with suppress(EngineError):
            argo.kube.patch(argocd.API, "Application", argocd.NAMESPACE, name, _WITHOUT_FINALIZERS)
    for item in application_sets.clusters():
        argo.kube.delete("v1", "Secret", argocd.NAMESPACE, item["metadata"]["name"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.identity}: {case.story}")
def test_a_set_makes_what_is_predicted(
    case: Case,
    outcomes: Mapping[str, Outcome],
    remotes: Mapping[str, Remote],
    record_property: Callable[[str, object], None],
) -> None:
    seen = outcomes[case.identity]
    if case.repository == application_sets.BY_HAND:
        assert (set(seen.applications), seen.error) == (case.made, case.told.get("error", ""))
    else:
        assert bool(seen.applications) == (case.repository != _EMPTY)
    remote = remotes[case.repository]
    expansion = expand(case.manifest(remote.url), _view(remote))
    if "beyond" in case.told:
        record_property("beyond", case.told["beyond"])
        assert expansion.unverifiable
    else:
        assert not expansion.unverifiable
        _compare(_predicted(expansion), seen)


def _compare(predicted: Outcome, seen: Outcome) -> None:
    assert predicted.applications == seen.applications
    assert predicted.error == seen.error
    # The controller tells one of several errors.
    assert seen.subjects <= predicted.subjects
    assert bool(seen.subjects) == bool(seen.error)


def _settled(argo: ArgoCD) -> dict[str, Outcome]:
    before: dict[str, Outcome] = {}
    for _ in range(_SETTLE_SECONDS // _QUIET_SECONDS):
        now = _read(argo)
        if now == before and all(now[case.identity].settled or case.told.get("silent") for case in CASES):
            break
        before = now
        hold(_QUIET_SECONDS)
    return before


def _read(argo: ArgoCD) -> dict[str, Outcome]:
    made: dict[str, dict[str, Any]] = {case.identity: {} for case in CASES}
    for owner, name, item in _owned(argo):
        made[owner][name] = _essence(item)
    sets = {item["metadata"]["name"]: item for item in argo.kube.items(argocd.API, "ApplicationSet", argocd.NAMESPACE)}
    return {identity: _outcome(sets[identity], applications) for identity, applications in made.items()}


def _owned(argo: ArgoCD) -> Iterator[tuple[str, str, Any]]:
    """The applications of the cases' sets: set, name, object."""
    sets = {case.identity for case in CASES}
    for name, item in argo.applications().items():
        owners = {owner["name"] for owner in item["metadata"].get("ownerReferences", ())}
        yield from ((owner, name, item) for owner in owners & sets)


def _outcome(application_set: Mapping[str, Any], applications: dict[str, Any]) -> Outcome:
    conditions = {item["type"]: item for item in application_set.get("status", {}).get("conditions") or ()}
    if not conditions:
        return Outcome(applications, "set", frozenset(["panic"]), settled=False)
    if conditions["ErrorOccurred"]["status"] != "True":
        return Outcome(applications, "", frozenset())
    generated = conditions["ParametersGenerated"]["status"] == "True"
    return Outcome(applications, "some" if generated else "set", _subjects(conditions["ErrorOccurred"]["message"]))


def _view(remote: Remote) -> TreeView:
    tree = remote.published
    found = (path.relative_to(tree) for path in tree.rglob("*") if path.is_file())
    return TreeView(
        files=tuple(path.as_posix() for path in found if path.parts[0] != ".git"),
        read=lambda path: Path(tree, path).read_text(),
        repository_urls=(remote.url,),
        revisions=frozenset(("", "HEAD", "main")),
        clusters=application_sets.CLUSTERS,
        projects=_PROJECTS,
    )


def _predicted(expansion: Expansion) -> Outcome:
    applications = {item["metadata"]["name"]: _essence(item) for item in expansion.applications}
    subjects = frozenset[str]().union(*(_subjects(problem.message) for problem in expansion.errors))
    if not expansion.errors:
        return Outcome(applications, "", subjects)
    some = all(problem.application for problem in expansion.errors)
    return Outcome(applications, "some" if some else "set", subjects)


def _subjects(message: str) -> frozenset[str]:
    """The first subject of a message, or the message itself where none fits."""
    found = (subject for subject, pattern in _SUBJECTS.items() if re.search(pattern, message))
    return frozenset([next(found, message)])


def _essence(application: Mapping[str, Any]) -> Any:
    """Everything that the controller decides; what is empty is left out by its types."""
    metadata = application["metadata"]
    kept = {key: metadata.get(key) for key in ("namespace", "labels", "annotations", "finalizers")}
    return _filled({"metadata": kept, "spec": application["spec"]})


def _filled(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _filled(item) for key, item in value.items() if item not in (None, "", [], False)}
    return [_filled(item) for item in value] if isinstance(value, list) else value
