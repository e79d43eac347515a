"""Cases of ApplicationSets: by hand from `agree/applicationsets/`, and those that the examples hold.

A case by hand is an element of a file there: `generators`, `name` (of the applications), `template` and `spec` (merged
over what every case has), `drop` (fields of that taken away), `go` (false, or the options of Go templates), and what
comes of it: `made` (names, without the set's own) and `error`, which is `set` when nothing is made of the whole set and
`some` when some applications are dropped; `silent` where the controller says nothing about it, because it panics;
`beyond` where the prediction says that it cannot tell, and why. `SET` stands for the name of the case's own set and
`REPOSITORY` for the repository that has the files of `world.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from engines import argocd
from examples import EXAMPLES
from scaffold.expand import ClusterEntry

HERE = Path(__file__).parent / "agree" / "applicationsets"
WORLD: Mapping[str, Any] = yaml.safe_load((HERE / "world.yaml").read_text())
CLUSTERS = tuple(ClusterEntry(**cluster) for cluster in WORLD["clusters"])
BY_HAND = "world"
_LABEL = {"argocd.argoproj.io/secret-type": "cluster"}
# Nothing is to be deployed here.
_LEFT_ALONE = {"argocd.argoproj.io/skip-reconcile": "true"}
_TEMPLATE = {
    "metadata": {"annotations": _LEFT_ALONE},
    "spec": {
        "project": "default",
        "source": {"repoURL": "REPOSITORY", "targetRevision": "HEAD", "path": "apps"},
        "destination": {"server": "https://kubernetes.default.svc", "namespace": "default"},
    },
}


class Case(NamedTuple):
    """One case: the name of its set, what it tells, its repository, and what its file says."""

    identity: str
    story: str
    repository: str
    told: Mapping[str, Any]

    @property
    def made(self) -> set[str]:
        return {f"{self.identity}-{name}" for name in self.told.get("made", ())}

    @property
    def project(self) -> str:
        """The project of its applications, where that is one for all."""
        return str(self.manifest("")["spec"]["template"]["spec"]["project"])

    def manifest(self, url: str) -> dict[str, Any]:
        """The set, reading the repository at that address."""
        if self.repository == BY_HAND:
            spec = _replaced(_spec(self.told), {r"\bSET\b": self.identity, r"\bREPOSITORY\b": url})
        else:
            spec = _replaced(_set_apart(self.told["spec"], self.identity), {r"https://git\.example\.com/.*": url})
        metadata = {"name": self.identity, "namespace": argocd.NAMESPACE}
        return {"apiVersion": argocd.API, "kind": "ApplicationSet", "metadata": metadata, "spec": spec}


def _by_hand() -> Iterator[Case]:
    for path in sorted(HERE.glob("*.yaml")):
        told = yaml.safe_load(path.read_text())
        if path.name != "world.yaml":
            for index, item in enumerate(told, 1):
                yield Case(f"{path.stem}-{index:02}", item["case"], BY_HAND, item)


def _generated() -> Iterator[Case]:
    for path in sorted(EXAMPLES.rglob("*.yaml")):
        text = path.read_text()
        if "kind: ApplicationSet\n" in text:
            place = path.relative_to(EXAMPLES)
            identity = re.sub("[^a-z0-9]+", "-", str(place.with_suffix("")))
            found = (item for item in yaml.safe_load_all(text) if item and item["kind"] == "ApplicationSet")
            yield from (Case(identity, "as generated", _read_by(item, place.parts[0]), item) for item in found)


def _read_by(application_set: Mapping[str, Any], example: str) -> str:
    """The example that a generated set reads: its own, or the team's repository beside it."""
    told = re.search(r"https://git\.example\.com/\S+?\.git", str(application_set["spec"]["generators"]))
    beside = (path for path in sorted(EXAMPLES.glob(f"{example}*/.gitops-scaffold.yaml")) if told)
    named = (path.parent.name for path in beside if told and f'repository: "{told[0]}"' in path.read_text())
    return next(named, example)


CASES = (*_by_hand(), *_generated())


def projects() -> Iterator[dict[str, Any]]:
    """The projects that there are beside `default`."""
    generated = {case.project for case in CASES if case.repository != BY_HAND}
    for name in sorted({*WORLD["projects"], *generated}):
        spec = {"sourceRepos": ["*"], "destinations": [{"server": "*", "namespace": "*"}]}
        yield {"apiVersion": argocd.API, "kind": "AppProject", "metadata": {"name": name}, "spec": spec}


def clusters() -> Iterator[dict[str, Any]]:
    """The secrets that register the clusters."""
    for index, cluster in enumerate(CLUSTERS):
        labels = {**cluster.labels, **_LABEL}
        metadata = {"name": f"cluster-{index}", "labels": labels, "annotations": cluster.annotations}
        data = {"name": cluster.name, "server": cluster.server, "project": cluster.project, "config": "{}"}
        yield {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": data}


def _spec(told: Mapping[str, Any]) -> dict[str, Any]:
    template = _merged(_TEMPLATE, {"metadata": {"name": f"SET-{told.get('name', '{{ .name }}')}"}})
    template = _without(_merged(template, told.get("template", {})), told.get("drop", {}))
    options = told.get("go", [])
    spec = {"generators": told["generators"], "template": template, "goTemplate": options is not False}
    if options:
        spec["goTemplateOptions"] = options
    return {**spec, **told.get("spec", {})}


def _set_apart(spec: Mapping[str, Any], identity: str) -> dict[str, Any]:
    """The same, with names that no other case has, and nothing deployed."""
    name = f"{identity}-{spec['template']['metadata']['name']}"
    return _merged(spec, {"template": {"metadata": {"name": name, "annotations": _LEFT_ALONE}}})


def _merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    both = {key: _merged(under[key], over[key]) for key in over if isinstance(under.get(key), Mapping)}
    return {**under, **over, **both}


def _without(value: Mapping[str, Any], dropped: Any) -> dict[str, Any]:
    if isinstance(dropped, list):
        return {key: item for key, item in value.items() if key not in dropped}
    return {key: _without(item, dropped[key]) if key in dropped else item for key, item in value.items()}


def _replaced(value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for pattern, word in words.items():
            value = re.sub(pattern, word, value)
        return value
    if isinstance(value, Mapping):
        return {_replaced(key, words): _replaced(item, words) for key, item in value.items()}
    return [_replaced(item, words) for item in value] if isinstance(value, list) else value
