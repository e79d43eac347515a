"""Talk to the API server without a process for each question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from engines.processes import EngineError
from engines.web import Answer, Client

TOKEN = "admin"
_APPLY = "application/apply-patch+yaml"
_MERGE = "application/merge-patch+json"


class _Loader(yaml.CSafeLoader):
    """Takes a lone `=`, which some definitions hold, as text; YAML 1.1 has a type of its own for it."""


_Loader.add_constructor("tag:yaml.org,2002:value", lambda _, node: node.value)


class Kube:
    """The API of one control plane, as its administrator."""

    def __init__(self, port: int) -> None:
        self._client = Client(port, TOKEN, tls=True)
        self._resources: dict[str, dict[str, tuple[str, bool]]] = {}

    def ready(self) -> bool:
        try:
            return self._client.ask("GET", "/readyz").ok
        except OSError:
            return False

    def try_out(self, manifest: Mapping[str, Any], namespace: str = "default") -> Answer:
        """Apply on the server without keeping it: strict about unknown fields, with the texts of warnings."""
        return self._apply(manifest, namespace, "&dryRun=All&fieldValidation=Strict")

    def apply(self, *manifests: Mapping[str, Any], namespace: str = "default") -> None:
        """Apply on the server; raises EngineError for what it refuses."""
        for manifest in manifests:
            answer = self._apply(manifest, namespace, "")
            if not answer.ok:
                raise EngineError(f"{manifest['kind']} {manifest['metadata']['name']}: {answer.message}")

    def create(self, *manifests: Mapping[str, Any]) -> None:
        """Make what is not there yet, which costs the server less than applying large definitions."""
        for manifest in manifests:
            answer = self._client.ask("POST", self._collection(manifest["apiVersion"], manifest["kind"], ""), manifest)
            if not answer.ok:
                raise EngineError(f"{manifest['kind']} {manifest['metadata']['name']}: {answer.message}")

    def get(self, api_version: str, kind: str, namespace: str, name: str) -> Any:
        """One object, or None."""
        answer = self._client.ask("GET", f"{self._collection(api_version, kind, namespace)}/{quote(name)}")
        return answer.body if answer.ok else None

    def items(self, api_version: str, kind: str, namespace: str = "") -> list[Any]:
        """All objects of a kind, in one namespace or in every one."""
        return list(self._client.get(self._collection(api_version, kind, namespace))["items"])

    def patch(self, api_version: str, kind: str, namespace: str, name: str, change: Mapping[str, Any]) -> None:
        """Change an object by hand, as somebody who goes past Git would."""
        path = f"{self._collection(api_version, kind, namespace)}/{quote(name)}"
        answer = self._client.ask("PATCH", path, change, _MERGE)
        if not answer.ok:
            raise EngineError(f"{kind} {name}: {answer.message}")

    def report(self, api_version: str, kind: str, namespace: str, name: str, status: Mapping[str, Any]) -> None:
        """Give an object a status, as its controller would."""
        path = f"{self._collection(api_version, kind, namespace)}/{quote(name)}/status"
        answer = self._client.ask("PATCH", path, {"status": status}, _MERGE)
        if not answer.ok:
            raise EngineError(f"status of {kind} {name}: {answer.message}")

    def delete(self, api_version: str, kind: str, namespace: str, name: str = "") -> None:
        """Delete one object, or all of that kind in a namespace, without waiting."""
        path = self._collection(api_version, kind, namespace)
        self._client.ask("DELETE", f"{path}/{quote(name)}" if name else path)

    def established(self) -> bool:
        """Whether the API serves every custom resource that is defined."""
        found = self.items("apiextensions.k8s.io/v1", "CustomResourceDefinition")
        self._resources.clear()
        return all(any(c["type"] == "Established" and c["status"] == "True" for c in _conditions(d)) for d in found)

    def close(self) -> None:
        self._client.close()

    def _apply(self, manifest: Mapping[str, Any], namespace: str, options: str) -> Answer:
        api_version, kind, metadata = manifest["apiVersion"], manifest["kind"], manifest["metadata"]
        try:
            path = self._collection(api_version, kind, metadata.get("namespace") or namespace)
        except EngineError as error:
            return Answer(404, {"message": str(error)})
        query = f"fieldManager=tests&force=true{options}"
        return self._client.ask("PATCH", f"{path}/{quote(str(metadata['name']))}?{query}", manifest, _APPLY)

    def _collection(self, api_version: str, kind: str, namespace: str) -> str:
        root = f"/api/{api_version}" if "/" not in api_version else f"/apis/{api_version}"
        if kind not in self._resources.get(api_version, {}):
            self._discover(api_version, root)
        if kind not in self._resources[api_version]:
            raise EngineError(f"the server does not know the kind {api_version} {kind}")
        plural, namespaced = self._resources[api_version][kind]
        return f"{root}/namespaces/{namespace}/{plural}" if namespaced and namespace else f"{root}/{plural}"

    def _discover(self, api_version: str, root: str) -> None:
        answer = self._client.ask("GET", root)
        resources = answer.body["resources"] if answer.ok else []
        own = (item for item in resources if "/" not in item["name"])
        self._resources[api_version] = {item["kind"]: (item["name"], item["namespaced"]) for item in own}


def read(*paths: Path) -> Iterable[Any]:
    """The manifests in files, and in the YAML files of directories (not below them)."""
    for path in paths:
        files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        for file in files:
            documents = yaml.load_all(file.read_text(), _Loader)
            yield from (d for d in documents if d and d["kind"] != "Kustomization")


def _conditions(item: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    return item.get("status", {}).get("conditions") or ()
