"""Cases of permission: projects and their applications, from `agree/permission/`.

A case is an element of a file there, and the file's name says what it asks about. All have `project` (its spec),
`permitted`, and where they need it `governed` (the global project of `world.yaml` counts) and `clusters` (registered
for this case; `SET` stands for the name of the case's own project). `sources` ask about `repository`, or a whole
`application`; `destinations` about `to`; `namespaces` about the `namespace` of the application. Whatever a case does
not ask about is forbidden, so that no repository is fetched. `kinds` do fetch one: they list `objects`, as
apiVersion/Kind or apiVersion/Kind/name, and those that are `refused` when the application is synchronised.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from engines import argocd
from scaffold.expand import ClusterEntry

HERE = Path(__file__).parent / "agree" / "permission"
_WORLD: Mapping[str, Any] = yaml.safe_load((HERE / "world.yaml").read_text())
_GOVERNED = "agree.example.com/governed"
# What no project here permits, the one that governs included.
_FORBIDDEN_SOURCE = {"repoURL": "https://git.example.com/platform/secret", "path": "."}
_FORBIDDEN_DESTINATION = {"server": "https://kubernetes.default.svc", "namespace": "kube-system"}


class Case(NamedTuple):
    """One case: the name of its project and application, what it asks about, and what its file says."""

    identity: str
    about: str
    told: Mapping[str, Any]

    @property
    def namespace(self) -> str:
        return str(self.told.get("namespace", argocd.NAMESPACE))

    @property
    def refused(self) -> set[str]:
        """The objects that are refused; for the other questions the question itself, or nothing."""
        if self.about == "kinds":
            return set(self.told["refused"])
        return set() if self.told["permitted"] else {self.about}


def _cases() -> Iterator[Case]:
    for path in sorted(HERE.glob("*.yaml")):
        if path.name != "world.yaml":
            for index, item in enumerate(yaml.safe_load(path.read_text()), 1):
                identity = f"{path.stem}-{index:02}"
                text = json.dumps(item).replace("SET", identity)
                yield Case(identity, path.stem, json.loads(text))


CASES = tuple(_cases())


def application(case: Case, url: str) -> dict[str, Any]:
    return {
        "apiVersion": argocd.API,
        "kind": "Application",
        "metadata": {"name": case.identity, "namespace": case.namespace},
        "spec": {"project": case.identity, **spec(case, url)},
    }


def spec(case: Case, url: str) -> dict[str, Any]:
    found: dict[str, Any] = {"source": _FORBIDDEN_SOURCE, "destination": _FORBIDDEN_DESTINATION}
    if case.about == "kinds":
        found["source"] = {"repoURL": url, "path": case.identity, "targetRevision": "HEAD"}
        found["destination"] = {**_FORBIDDEN_DESTINATION, "namespace": "default"}
    if "repository" in case.told:
        found["source"] = {**_FORBIDDEN_SOURCE, "repoURL": case.told["repository"]}
    if "to" in case.told:
        found["destination"] = case.told["to"]
    return {**found, **case.told.get("application", {})}


def clusters(case: Case) -> tuple[ClusterEntry, ...]:
    """The clusters that are registered, as far as they may matter to a case."""
    return tuple(ClusterEntry(**item) for item in (*_WORLD["clusters"], *case.told.get("clusters", ())))


def project(case: Case) -> dict[str, Any]:
    spec = dict(case.told["project"])
    if case.about == "kinds":
        spec |= {"sourceRepos": ["**"], "destinations": [{"server": "*", "namespace": "*"}]}
    labels = {_GOVERNED: "yes"} if case.told.get("governed") else {}
    metadata = {"name": case.identity, "namespace": argocd.NAMESPACE, "labels": labels}
    return {"apiVersion": argocd.API, "kind": "AppProject", "metadata": metadata, "spec": spec}


def everywhere() -> dict[str, Any]:
    """The project whose lists count for every project that is governed."""
    metadata = {"name": "everywhere", "namespace": argocd.NAMESPACE}
    return {"apiVersion": argocd.API, "kind": "AppProject", "metadata": metadata, "spec": _WORLD["everywhere"]}


def world() -> Iterator[dict[str, Any]]:
    """What there has to be before the cases: namespaces, settings, and registered clusters."""
    for name in sorted({case.namespace for case in CASES} - {argocd.NAMESPACE}):
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
    chosen = {"labelSelector": {"matchLabels": {_GOVERNED: "yes"}}, "projectName": "everywhere"}
    labels = {"app.kubernetes.io/part-of": "argocd"}
    yield {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "argocd-cm", "labels": labels},
        "data": {"globalProjects": yaml.safe_dump([chosen])},
    }
    yield everywhere()
    every = [*_WORLD["clusters"], *(item for case in CASES for item in case.told.get("clusters", ()))]
    for index, cluster in enumerate(every):
        metadata = {"name": f"cluster-{index}", "labels": {"argocd.argoproj.io/secret-type": "cluster"}}
        data = {**cluster, "config": "{}"}
        yield {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": data}


def manifest(case: Case, name: str) -> dict[str, Any]:
    """A manifest of a kind, with as little in it as the kind allows."""
    *api, kind = name.split("/")
    suffix = ""
    if api[-1][:1].isupper():
        kind, suffix = api.pop(), kind
    body: dict[str, Any] = {"apiVersion": "/".join(api), "kind": kind, "metadata": {"name": case.identity}}
    if suffix:
        body["metadata"]["name"] += f"-{suffix}"
    if kind in {"Deployment", "StatefulSet"}:
        labels = {"app": case.identity}
        pod = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "main", "image": "none"}]}}
        body["spec"] = {"selector": {"matchLabels": labels}, "template": pod}
    if kind == "Service":
        body["spec"] = {"ports": [{"port": 80}]}
    return body


def write(tree: Path) -> None:
    """Write the objects of every case into a directory of their own."""
    for case in CASES:
        for index, name in enumerate(case.told.get("objects", ())):
            path = tree / case.identity / f"{index}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(yaml.safe_dump(manifest(case, name)))
