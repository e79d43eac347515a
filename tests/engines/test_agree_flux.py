"""What Flux makes of directories, sources and Kustomizations: all cases given to the running controllers at once.

A case is an element of a file in `agree/flux/`: `files` of its directory (`OBJECT` is a config map that is named after
its file), `kustomizations` by name with what they say beside `_DEFAULTS` (one `it` where there is none), `objects` that
are there before, and for `own` the rest of the specification of a repository of its own, where other cases share one.
`HERE` is the namespace of the case, and `side/it` a Kustomization in another one. What is recorded is the `answer`:
`Ready`, the reason why not, or nothing where Flux does not look (for each Kustomization, where there are several),
which words it `says`, and the config maps that it `made`: their names, or what they hold.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flux_cases import DEFAULTS, SHARED, Case, Outcome, UnpredictedError, cases, predicted, write

from engines.flux import KUSTOMIZATION, SOURCE, Flux, ready
from engines.git_http import served
from engines.remotes import Remote

_MADE_BY = "kustomize.toolkit.fluxcd.io/name"
_SECONDS = 120
_QUIET_SECONDS = 6  # dependencies are looked at every 2 s
_Id = tuple[str, str]


class Snapshot(NamedTuple):
    """What the cluster holds for all cases: Kustomizations, and config maps that they made."""

    kustomizations: Mapping[_Id, Any]
    made: Mapping[_Id, Any]


CASES = tuple(cases())
_NAMESPACES = sorted({namespace for case in CASES for namespace, _ in case.names.values()})


@pytest.fixture(scope="module")
def snapshot(flux: Flux, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """What is there once nothing changes any more; what follows a repository is taken away in the end."""
    directory = tmp_path_factory.mktemp("flux-cases")
    for case in CASES:
        write(case, directory / "trees" / case.source / case.directory)
    flux.kube.apply(*(_item(("v1", "Namespace"), "", name) for name in (SHARED, *_NAMESPACES)))
    with served(directory / "remotes") as address:
        for case in {case.source: case for case in CASES}.values():
            remote = Remote(directory / "remotes" / case.source, f"{address}/{case.source}")
            remote.push(directory / "trees" / case.source)
            flux.kube.apply(_repository(case, remote.url))
        flux.control.keeper.wait("all sources are read", _SECONDS, lambda: _read(flux))
        flux.kube.apply(*(item for case in CASES for item in _objects(case)))
        yield _settled(flux)
        for namespace in _NAMESPACES:
            flux.kube.delete(*KUSTOMIZATION, namespace)
        flux.kube.delete(*SOURCE, SHARED)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.identity}: {case.told['case']}")
def test_flux_does_what_is_predicted(case: Case, snapshot: Snapshot, tmp_path: Path) -> None:
    found = {name: _ready(snapshot.kustomizations[identity]) for name, identity in case.names.items()}
    states = {name: "Ready" if c.get("status") == "True" else c.get("reason") for name, c in found.items()}
    spaces = {namespace for namespace, _ in case.names.values()}
    outcome = Outcome(states, {name: data for (space, name), data in snapshot.made.items() if space in spaces})
    recorded = case.recorded
    held = recorded.made if isinstance(case.told.get("made"), dict) else {n: outcome.made.get(n) for n in recorded.made}
    assert outcome.states == recorded.states, found
    assert any(case.told.get("says", "") in condition.get("message", "") for condition in found.values()), found
    assert outcome.made == held, found
    with contextlib.suppress(UnpredictedError):  # tests/test_expand_flux.py says for which
        assert predicted(case, tmp_path) == outcome


def _ready(item: Mapping[str, Any]) -> Mapping[str, Any]:
    conditions = item.get("status", {}).get("conditions", ())
    return next((condition for condition in conditions if condition["type"] == "Ready"), {})


def _read(flux: Flux) -> bool:
    found = flux.kube.items(*SOURCE, SHARED)
    return len(found) == len({case.source for case in CASES}) and all(ready(item) for item in found)


def _settled(flux: Flux) -> Snapshot:
    """Wait until every Kustomization has an outcome and none has changed for a while."""
    last, since = _taken(flux), time.monotonic()

    def quiet() -> bool:
        nonlocal last, since
        time.sleep(0.5)
        before, last = last, _taken(flux)
        if last != before or not all(_has_outcome(item) for item in last.kustomizations.values()):
            since = time.monotonic()
        return time.monotonic() - since > _QUIET_SECONDS

    flux.control.keeper.wait("Flux comes to rest", _SECONDS, quiet)
    return last


def _has_outcome(item: Mapping[str, Any]) -> bool:
    return bool(item["spec"].get("suspend")) or _ready(item).get("status") in {"True", "False"}


def _taken(flux: Flux) -> Snapshot:
    maps = (item for item in flux.kube.items("v1", "ConfigMap") if _MADE_BY in item["metadata"].get("labels", {}))
    made = {found: item.get("data") for item in maps if (found := _id(item))[0] in _NAMESPACES}
    return Snapshot({_id(i): i for i in flux.kube.items(*KUSTOMIZATION) if _id(i)[0] in _NAMESPACES}, made)


def _id(item: Mapping[str, Any]) -> _Id:
    return item["metadata"]["namespace"], item["metadata"]["name"]


def _repository(case: Case, url: str) -> dict[str, Any]:
    spec = {"interval": "1h", "url": url, "ref": {"branch": "main"}, **case.told.get("own", {})}
    return {**_item(SOURCE, SHARED, case.source), "spec": spec}


def _objects(case: Case) -> Iterator[dict[str, Any]]:
    """What is in the cluster for a case: first what is there before."""
    for item in case.told.get("objects", ()):
        yield {**item, "metadata": {**item["metadata"], "namespace": case.identity}}
    for name, (namespace, own) in case.names.items():
        spec = {**DEFAULTS, "targetNamespace": namespace, **case.told["kustomizations"][name]}
        spec["path"] = f"./{case.directory}/{spec['path']}"
        spec["sourceRef"] = {"kind": SOURCE[1], "name": case.source, "namespace": SHARED}
        yield {**_item(KUSTOMIZATION, namespace, own), "spec": spec}


def _item(kind: tuple[str, str], namespace: str, name: str) -> dict[str, Any]:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": kind[0], "kind": kind[1], "metadata": metadata}
