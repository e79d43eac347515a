"""`argocd admin`, which reads files and asks no cluster, though it wants a kubeconfig that can be parsed."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engines import binaries

_SECONDS = 60
NO_CLUSTER = {
    "apiVersion": "v1",
    "kind": "Config",
    "clusters": [{"name": "none", "cluster": {"server": "https://127.0.0.1:1"}}],
    "contexts": [{"name": "none", "context": {"cluster": "none", "user": "nobody"}}],
    "users": [{"name": "nobody", "user": {"token": "none"}}],
    "current-context": "none",
}


class Admin:
    """`argocd admin`, with files in a directory of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._programs = binaries.directory(directory / "bin")
        (directory / "kubeconfig").write_text(json.dumps(NO_CLUSTER))

    def run(self, *arguments: str | Path) -> str:
        """What it prints, and where it fails why."""
        environment = {
            "PATH": str(self._programs),
            "HOME": str(self.directory),
            "KUBECONFIG": str(self.directory / "kubeconfig"),
        }
        command = (self._programs / "argocd", "admin", *arguments)
        result = subprocess.run(
            command,
            cwd=self.directory,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )
        return result.stdout or result.stderr

    def write(self, name: str, manifest: Mapping[str, Any]) -> Path:
        """Put a manifest into a file."""
        path = self.directory / name
        path.write_text(json.dumps(manifest))
        return path
