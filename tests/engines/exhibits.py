"""The trees in examples/, published as they are but for what their names stand for in the lab: the list is here.

Addresses of repositories are those at which the lab serves them, every API server is its only one, and the registries
are one that has every chart.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

import examples
from engines.remotes import Remote
from scaffold import git

_TEAM_ADDRESS = "https://git.example.com/checkout/applications.git"
_OF_TEAM = "-checkout"


def names(engine: str) -> list[str]:
    """The examples of an engine's fleets; the repository of a fleet's team goes with its fleet."""
    found = sorted(path.name for path in examples.EXAMPLES.glob(f"{engine}-*"))
    return [name for name in found if not name.endswith(_OF_TEAM)]


def copy(name: str, tree: Path) -> None:
    """Make an example a repository of its own."""
    shutil.copytree(examples.EXAMPLES / name, tree)
    git.run(tree, "init", "--quiet", "--initial-branch=main")


def servers(tree: Path, port: int) -> dict[str, str]:
    """What the addresses of the API servers stand for."""
    return {
        address: f"https://127.0.0.1:{port}"
        for cluster in _settings(tree)["clusters"]
        if (address := cluster.get("server", "")).endswith("example.com:6443")
    }


def registries(served: str) -> dict[str, str]:
    """What the addresses of registries of charts stand for."""
    return {f"oci://{name}": f"oci://{served}" for name in ("ghcr.io", "registry.example.com")}


def team_repository(name: str, remote: Remote, served: str = "") -> tuple[str, Path | None]:
    """Publish what belongs to the team of an example beside it: its commit and its tree, if there is one."""
    tree = examples.EXAMPLES / f"{name}{_OF_TEAM}"
    if not tree.is_dir():
        return "", None
    own = Remote(remote.bare.parent, served, "checkout", _TEAM_ADDRESS)
    remote.addresses |= own.addresses
    own.addresses |= remote.addresses
    return own.push(tree), tree


def environments(tree: Path) -> dict[str, Mapping[str, Any]]:
    """What a fleet says of each environment: its cluster and its gate."""
    return {item["name"]: item for item in _settings(tree)["environments"]}


def overlays(tree: Path, team: Path | None) -> Iterator[tuple[str, str, str]]:
    """Team, application and environment of each overlay, in the fleet or in the repository of the team."""
    for path in (team or tree).glob("apps/*/overlays/*" if team else "apps/*/*/overlays/*"):
        yield "checkout" if team else path.parts[-4], path.parts[-3], path.name


def _settings(tree: Path) -> Any:
    return yaml.safe_load((tree / ".gitops-scaffold.yaml").read_text())
