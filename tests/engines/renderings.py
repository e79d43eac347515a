"""Cases about rendering: what each says, as a directory and an application, and how manifests are compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from engines import argocd

HERE = Path(__file__).parent / "agree" / "rendering"
_PROJECT = "rendering"
_TRACKING = "argocd.argoproj.io/tracking-id"
_DESTINATION = {"server": "https://kubernetes.default.svc", "namespace": "rendering"}
_WORLD: Mapping[str, str] = yaml.safe_load((HERE / "world.yaml").read_text())
Manifests = dict[tuple[str, str, str, str], Any]


class Case(NamedTuple):
    """One case: the name of its directory and application, who builds it, and what its file says."""

    identity: str
    how: str
    told: Mapping[str, Any]

    @property
    def directory(self) -> str:
        return "/".join(part for part in (self.identity, self.told.get("path")) if part)

    @property
    def fails(self) -> bool:
        return bool(self.told.get("fails"))


def cases() -> Iterator[Case]:
    """Every case of the files."""
    for path in sorted(HERE.glob("*.yaml")):
        if path.name != "world.yaml":
            for index, item in enumerate(yaml.safe_load(path.read_text()), 1):
                yield Case(f"{path.stem}-{index:02}", path.stem, item)


def write(case: Case, root: Path, url: str) -> None:
    """Write the directory of a case and its application into a repository."""
    for name, content in case.told["files"].items():
        text = _WORLD.get(content, content) if isinstance(content, str) else yaml.safe_dump(content)
        _write(root / case.identity / name, text)
    _write(root / "applications" / f"{case.identity}.yaml", yaml.safe_dump(application(case, url)))


def application(case: Case, url: str) -> dict[str, Any]:
    """The application that deploys a case; nothing is deployed, it is only asked for its manifests."""
    source = {"repoURL": url, "targetRevision": "HEAD", "path": case.directory, **case.told.get("source", {})}
    metadata = {
        "name": case.identity,
        "namespace": argocd.NAMESPACE,
        "annotations": {"argocd.argoproj.io/skip-reconcile": "true"},
    }
    spec = {"project": _PROJECT, "source": source, "destination": _DESTINATION}
    return {"apiVersion": argocd.API, "kind": "Application", "metadata": metadata, "spec": spec}


def project(url: str) -> dict[str, Any]:
    """The project of all cases."""
    metadata = {"name": _PROJECT, "namespace": argocd.NAMESPACE}
    spec = {"sourceRepos": [url], "destinations": [_DESTINATION]}
    return {"apiVersion": argocd.API, "kind": "AppProject", "metadata": metadata, "spec": spec}


def by_identity(items: Iterable[Any]) -> Manifests:
    """Manifests by what they are, without what Argo CD marks them with."""
    found: Manifests = {}
    for item in items:
        metadata = dict(item["metadata"])
        noted = {key: value for key, value in (metadata.pop("annotations", None) or {}).items() if key != _TRACKING}
        metadata |= {"annotations": noted} if noted else {}
        identity = (item["apiVersion"], item["kind"], metadata.get("namespace", ""), metadata["name"])
        found[identity] = {**item, "metadata": metadata}
    return found


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
