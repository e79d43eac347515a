"""Where the definitions of custom resources come from: Go modules, at the versions named here."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from scaffold.parse import documents

_GENERATOR = "sigs.k8s.io/controller-tools@v0.20.0"


class Package(NamedTuple):
    """CRDs that lie in Go modules as manifests (`path`), or as Go types that the generator turns into manifests."""

    name: str
    modules: tuple[str, ...]
    path: str = ""


# flux-operator v0.58.1 adds these kinds to the definitions of notification-controller that it installs.
_ADDED = ("FluxInstance", "ResourceSet", "ResourceSetInputProvider")
_LISTS = {"Alert": "eventSources", "Receiver": "resources"}
KUBERNETES = "k8s.io/kubernetes@v1.37.2"
PACKAGES = (
    Package("argo-cd", ("github.com/argoproj/argo-cd/v3@v3.5.7",), "manifests/crds"),
    Package("argo-rollouts", ("github.com/argoproj/argo-rollouts@v1.10.0",), "manifests/crds"),
    Package("cert-manager", ("github.com/cert-manager/cert-manager@v1.21.2",), "deploy/crds"),
    Package("external-secrets", ("github.com/external-secrets/external-secrets@v1.3.2",), "config/crds/bases"),
    Package("flux-kustomize", ("github.com/fluxcd/kustomize-controller@v1.9.5",), "config/crd/bases"),
    Package("flux-operator", ("github.com/controlplaneio-fluxcd/flux-operator@v0.58.1",), "config/crd/bases"),
    Package("flux-source", ("github.com/fluxcd/source-controller@v1.9.5",), "config/crd/bases"),
    Package(
        "flux-types",
        (
            "github.com/fluxcd/helm-controller/api@v1.6.5",
            "github.com/fluxcd/image-automation-controller/api@v1.2.5",
            "github.com/fluxcd/image-reflector-controller/api@v1.2.5",
            "github.com/fluxcd/notification-controller/api@v1.9.4",
            "github.com/fluxcd/source-watcher/api/v2@v2.2.4",
        ),
    ),
    Package("gateway-api", ("sigs.k8s.io/gateway-api@v1.6.3",), "config/crd/experimental"),
    Package("image-updater", ("github.com/argoproj-labs/argocd-image-updater@v1.3.0",), "config/crd/bases"),
    Package("keda", ("github.com/kedacore/keda/v2@v2.21.0",), "config/crd/bases"),
    Package(
        "prometheus-operator",
        ("github.com/prometheus-operator/prometheus-operator@v0.92.0",),
        "example/prometheus-operator-crd",
    ),
    Package("sealed-secrets", ("github.com/bitnami-labs/sealed-secrets@v0.40.0",), "helm/sealed-secrets/crds"),
)


def definitions(package: Package) -> Iterator[dict[str, Any]]:
    """Yield the CustomResourceDefinition manifests of a package."""
    if package.path:
        yield from _manifests(download(package.modules[0]) / package.path)
        return
    with tempfile.TemporaryDirectory() as scratch:
        yield from _manifests(_generate(package.modules, Path(scratch)))


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


def _manifests(directory: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(directory.glob("*.yaml")):
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
