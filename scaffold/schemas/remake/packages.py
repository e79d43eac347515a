"""Reading the definitions of custom resources from Go modules."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from scaffold.parse import documents
from scaffold.schemas.remake.sources import KUBERNETES, Package

_GENERATOR = "sigs.k8s.io/controller-tools@v0.20.0"


# flux-operator v0.58.1 adds these kinds to the definitions of notification-controller that it installs.
_ADDED = ("FluxInstance", "ResourceSet", "ResourceSetInputProvider")
_LISTS = {"Alert": "eventSources", "Receiver": "resources"}


def definitions(package: Package) -> Iterator[dict[str, Any]]:
    """Yield the CustomResourceDefinition manifests of a package."""
    if package.paths:
        tree = download(package.modules[0])
        yield from _manifests(file for pattern in package.paths for file in tree.glob(pattern))
        return
    with tempfile.TemporaryDirectory() as scratch:
        yield from _manifests(_generate(package.modules, Path(scratch)).glob("*.yaml"))


def download(module: str) -> Path:
    """Fetch a Go module and tell where it lies."""
    return Path(json.loads(_go("mod", "download", "-json", module))["Dir"])


def scopes() -> dict[str, str]:
    """Map `group kind` to the scope that Kubernetes' discovery documents give."""
    found = {}
    for file in sorted((download(KUBERNETES) / "api" / "discovery").glob("*__*.json")):
        listed = json.loads(file.read_text(encoding="utf-8"))
        group = listed.get("groupVersion", "").rpartition("/")[0]
        for resource in listed.get("resources", ()):
            if "/" not in resource["name"]:
                found[f"{group} {resource['kind']}"] = "Namespaced" if resource["namespaced"] else "Cluster"
    return found


def _generate(modules: tuple[str, ...], scratch: Path) -> Path:
    _go("mod", "init", "scratch", cwd=scratch)
    _go("get", _GENERATOR.replace("@", "/cmd/controller-gen@"), *modules, cwd=scratch)
    paths = [f"paths={module.partition('@')[0]}/..." for module in modules]
    _go("run", "sigs.k8s.io/controller-tools/cmd/controller-gen", "crd", *paths, "output:crd:dir=crds", cwd=scratch)
    return scratch / "crds"


def _go(*arguments: str, cwd: Path | None = None) -> str:
    command = ["env", "GOFLAGS=-mod=mod", "go", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"go {' '.join(arguments)} failed; {done.stderr or done.stdout}")
    return done.stdout


def _manifests(files: Iterable[Path]) -> Iterator[dict[str, Any]]:
    for file in sorted(files):
        for document in documents(file.read_text(encoding="utf-8"), file.name):
            if isinstance(document, dict) and document.get("kind") == "CustomResourceDefinition":
                _widen(document["spec"])
                yield document


def _widen(spec: dict[str, Any]) -> None:
    """Add what a definition has in a cluster, and not in its module: kinds that an operator adds, a newer field."""
    if spec["group"] == "notification.toolkit.fluxcd.io" and spec["names"]["kind"] in _LISTS:
        for version in spec["versions"]:
            told = version["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]
            kinds = told[_LISTS[spec["names"]["kind"]]]["items"]["properties"]["kind"]["enum"]
            kinds.extend(kind for kind in _ADDED if kind not in kinds)
    if spec["group"] == "external-secrets.io":
        _add_later(spec["versions"])


def _add_later(schema: Any) -> None:
    """Add a field of External Secrets 2, whose module the proxy does not have, beside those that it came to."""
    if isinstance(schema, list):
        for item in schema:
            _add_later(item)
    elif isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict) and "decodingStrategy" in schema["properties"]:
            schema["properties"].setdefault("nullBytePolicy", {"type": "string", "enum": ["Ignore", "Fail"]})
        for value in schema.values():
            _add_later(value)
