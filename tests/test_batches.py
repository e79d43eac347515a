"""Overlays that may share one kustomize process, and those that may not."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import write

from scaffold import assemble, discover, load
from scaffold.settings import Settings
from scaffold.validate import batches

_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\n"
_SPACE = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {}\n"


def _grouped(root: Path) -> list[list[str]]:
    tree = discover.tree(root)
    files = {path: load.source_file(path, (root / path).read_bytes()) for path in tree.yaml}
    repository = assemble.repository(tree, files, Settings())
    groups = batches.batches(list(repository.overlays.values()), repository, 1)
    return sorted(sorted(overlay.path for overlay in group) for group in groups)


def _overlay(path: str, manifest: str, extra: str = "") -> str:
    return f"# {path}/kustomization.yaml\nresources: [a.yaml]\n{extra}# {path}/a.yaml\n{manifest}"


CASES = {
    "different objects": (_MAP.format("a"), _MAP.format("b"), "", "", True),
    "the same object": (_MAP.format("a"), _MAP.format("a"), "", "", False),
    "the same name in two namespaces": (_MAP.format("a"), _MAP.format("a"), "namespace: x\n", "namespace: y\n", True),
    "the same name in one namespace": (_MAP.format("a"), _MAP.format("a"), "namespace: x\n", "namespace: x\n", False),
    "one namespace twice": (_SPACE.format("a"), _SPACE.format("a"), "", "", False),
    "one namespace by two names": (_SPACE.format("x"), _SPACE.format("y"), "namespace: z\n", "namespace: z\n", False),
    "two namespaces by one name": (_SPACE.format("x"), _SPACE.format("x"), "namespace: y\n", "namespace: z\n", True),
    "both rename": (_MAP.format("a"), _MAP.format("b"), "namePrefix: x-\n", "namePrefix: y-\n", False),
}


@pytest.mark.parametrize("name", CASES)
def test_pair(name: str, tmp_path: Path) -> None:
    first, second, one, two, together = CASES[name]
    root = write(tmp_path, _overlay("a", first, one) + _overlay("b", second, two))
    extra = write(tmp_path, _overlay("c", _MAP.format("c")) + _overlay("d", _MAP.format("d")))
    assert extra == root
    groups = _grouped(root)
    assert any({"a", "b"} <= set(group) for group in groups) is together
    assert sorted(path for group in groups for path in group) == ["a", "b", "c", "d"]
