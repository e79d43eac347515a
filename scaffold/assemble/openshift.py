"""The Kubernetes of clusters of OpenShift, as the ClusterVersion of each tells: OpenShift 4.9 has Kubernetes 1.22."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from scaffold import load
from scaffold.model import Repository
from scaffold.model.values import text

_KIND = ("config.openshift.io", "ClusterVersion")
_AHEAD = 13  # minor versions that Kubernetes is ahead of OpenShift 4
_MINOR = re.compile(r"(?:[a-z]+-)?4\.(\d+)(?:\.|\Z)")
_GENERAL = frozenset(("base", "clusterversion", "cluster-version", "components", "overlays"))


Versions = Mapping[str, tuple[str, str]]


def versions(repository: Repository, root: Path) -> Versions:
    """By the name of its directory, each cluster's Kubernetes as `1.22`, and the file that tells it."""
    found: dict[str, tuple[str, str]] = {}
    for path, file in repository.files.items():
        if not any((head.group, head.kind) == _KIND for head in file.heads):
            continue
        whole = load.source_file(path, (root / path).read_bytes(), keep=True)
        name = next((part for part in reversed(path.split("/")[:-1]) if part not in _GENERAL), "")
        for manifest in whole.manifests():
            told = (manifest.get("spec", "desiredUpdate", "version"), manifest.get("spec", "channel"))
            minor = next((match[1] for value in told if (match := _MINOR.match(text(value)))), "")
            if name and minor and manifest.kind == _KIND[1]:
                found[name] = f"1.{int(minor) + _AHEAD}", path
    return found


def version(known: Versions, path: str) -> str:
    """The Kubernetes of the cluster that a directory is for by its name; nothing where it is for none, or for two."""
    found = {told for name, (told, _) in known.items() if name in path.split("/")}
    return found.pop() if len(found) == 1 else ""
