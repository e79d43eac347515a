"""What becomes of an object that moves from one Kustomization to another: as `diff` says, it stays if taken first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engines.flux import KUSTOMIZATION, NAMESPACE, SOURCE, Flux, ready, revision
from engines.git_http import served
from engines.remotes import Remote

_SECONDS = 60
_SPACE = "moves"
_OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {}}}\n"
_REQUEST = {"metadata": {"annotations": {"reconcile.fluxcd.io/requestedAt": "after the move"}}}


def _sync(name: str, **told: Any) -> dict[str, Any]:
    spec = {"interval": "1h", "path": f"./{name}", "prune": True, "targetNamespace": _SPACE, **told}
    spec["sourceRef"] = {"kind": SOURCE[1], "name": _SPACE}
    metadata = {"name": f"moves-{name}", "namespace": NAMESPACE}
    return {"apiVersion": KUSTOMIZATION[0], "kind": KUSTOMIZATION[1], "metadata": metadata, "spec": spec}


def _uid(flux: Flux, name: str) -> str:
    found = flux.kube.get("v1", "ConfigMap", _SPACE, name)
    return str(found["metadata"]["uid"]) if found else ""


def _settle(flux: Flux, commit: str) -> None:
    def settled() -> bool:
        found = [flux.kube.get(*KUSTOMIZATION, NAMESPACE, f"moves-{name}") for name in ("one", "two")]
        return all(ready(item) and revision(item) == commit for item in found)

    flux.control.keeper.wait("both are at the commit", _SECONDS, settled)


@pytest.fixture
def moving(flux: Flux, tmp_path: Path) -> Iterator[tuple[Remote, Path]]:
    """Two Kustomizations with an object each, the first of which comes after the other, and one that is to move."""
    (tmp_path / "remote").mkdir()
    for path in ("one/stays", "one/moves", "two/other"):
        file = tmp_path / "tree" / f"{path}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_OBJECT.format(file.stem))
    with served(tmp_path / "remote") as address:
        remote = Remote(tmp_path / "remote", address)
        commit = remote.push(tmp_path / "tree")
        metadata = {"name": _SPACE, "namespace": NAMESPACE}
        spec = {"interval": "1h", "url": remote.url, "ref": {"branch": "main"}}
        flux.kube.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": _SPACE}})
        flux.kube.apply({"apiVersion": SOURCE[0], "kind": SOURCE[1], "metadata": metadata, "spec": spec})
        flux.kube.apply(_sync("one", dependsOn=[{"name": "moves-two"}]), _sync("two"))
        _settle(flux, commit)
        yield remote, tmp_path / "tree"
        for name in ("one", "two"):
            flux.kube.delete(*KUSTOMIZATION, NAMESPACE, f"moves-{name}")
        flux.kube.delete(*SOURCE, NAMESPACE, _SPACE)


def test_what_is_taken_first_stays(flux: Flux, moving: tuple[Remote, Path]) -> None:
    remote, tree = moving
    before = _uid(flux, "moves")
    (tree / "one/moves.yaml").rename(tree / "two/moves.yaml")
    commit = remote.push(tree)
    flux.kube.patch(*SOURCE, NAMESPACE, _SPACE, _REQUEST)
    _settle(flux, commit)
    assert before
    assert _uid(flux, "moves") == before
