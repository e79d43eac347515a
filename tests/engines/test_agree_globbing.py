"""Which files a generator reads with `enable.new.git.file.globbing`: the real controller and our prediction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engines import argocd
from engines.argocd import ArgoCD
from engines.fleets import hold
from engines.remotes import Remote
from scaffold.expand import TreeView, expand

_SETTLE_SECONDS = 90
_QUIET_SECONDS = 6
_FILES = (
    *("root.yaml", "apps/web/app.yaml", "apps/web/app.yml", "apps/web/a[b].yaml", "apps/shop/web/app.yaml"),
    *("apps/shop/api/app.yaml", "apps/pay/x/y/app.yaml", "apps/.attic/app.yaml", "regions/eu.json", "apps/app.yaml"),
)
_PATTERNS = (
    *("*", "*.yaml", "**", "**/app.yaml", "*/*.yaml", "none/*", "regions/*", "root.yaml", "./root.yaml", "/root.yaml"),
    *("apps//app.yaml", "../*.yaml", "apps/*/app.yaml", "apps/*/*/app.yaml", "apps/**/app.yaml", "apps/**", "apps/web"),
    *(
        "apps/s**/app.yaml",
        "apps/**/web/**/app.yaml",
        "apps/[!w]*/app.yaml",
        "apps/[^w]*/app.yaml",
        "apps/we?/app.yaml",
    ),
    *("apps/{web,pay/x/y}/app.y{a,}ml", "apps/{web,shop}/app.y{,a}ml", "apps/{shop/*,web}/app.yaml", "apps/{web"),
    *("apps/web/a\\[b].yaml", "apps/web/*", "apps/[w/app.yaml", "apps/[-w]eb/app.yaml"),
)
_FILE = "example.com/file"


def _set(index: int, url: str) -> dict[str, Any]:
    """A set whose applications say which file each is of."""
    file = "{{ .path.path }}/{{ .path.filename }}"
    name = f'glob-{index:02}-{{{{ printf "%s/%s" .path.path .path.filename | sha256sum | trunc 8 }}}}'
    source = {"repoURL": url, "targetRevision": "HEAD", "path": "apps"}
    destination = {"server": "https://kubernetes.default.svc", "namespace": "default"}
    metadata = {"name": name, "annotations": {_FILE: file, "argocd.argoproj.io/skip-reconcile": "true"}}
    template = {"metadata": metadata, "spec": {"project": "default", "source": source, "destination": destination}}
    git = {"repoURL": url, "revision": "HEAD", "files": [{"path": _PATTERNS[index]}]}
    spec = {"goTemplate": True, "generators": [{"git": git}], "template": template}
    return {
        "apiVersion": argocd.API,
        "kind": "ApplicationSet",
        "metadata": {"name": f"glob-{index:02}", "namespace": argocd.NAMESPACE},
        "spec": spec,
    }


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory, _own_git: None) -> Remote:
    """A repository of files that are worth telling apart."""
    directory = tmp_path_factory.mktemp("globbing")
    for name in _FILES:
        path = directory / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}\n")
    found = Remote(directory)
    found.push(directory / "tree")
    return found


@pytest.fixture(scope="module")
def picked(segmented_argo: ArgoCD, remote: Remote) -> dict[str, tuple[set[str], bool]]:
    """The files of the applications that the controller makes of each set, and whether it says an error."""
    segmented_argo.kube.apply(*(_set(index, remote.url) for index in range(len(_PATTERNS))))
    before: dict[str, tuple[set[str], bool]] = {}
    for _ in range(_SETTLE_SECONDS // _QUIET_SECONDS):
        now = _read(segmented_argo)
        if now == before and len(now) == len(_PATTERNS):
            break
        before = now
        hold(_QUIET_SECONDS)
    return before


def _read(argo: ArgoCD) -> dict[str, tuple[set[str], bool]]:
    made: dict[str, set[str]] = {}
    for item in argo.applications().values():
        metadata = item["metadata"]
        made.setdefault(metadata["ownerReferences"][0]["name"], set()).add(metadata["annotations"][_FILE])
    found = {}
    for item in argo.kube.items(argocd.API, "ApplicationSet", argocd.NAMESPACE):
        conditions = {each["type"]: each["status"] for each in item.get("status", {}).get("conditions") or ()}
        if conditions:
            name = item["metadata"]["name"]
            found[name] = made.get(name, set()), conditions.get("ErrorOccurred") == "True"
    return found


@pytest.mark.parametrize("index", range(len(_PATTERNS)), ids=lambda index: _PATTERNS[index])
def test_a_glob_picks_what_is_predicted(index: int, picked: dict[str, tuple[set[str], bool]], remote: Remote) -> None:
    view = TreeView(
        files=_FILES,
        read=lambda path: Path(remote.published, path).read_text(),
        repository_urls=(remote.url,),
        revisions=frozenset(("", "HEAD", "main")),
        projects=frozenset(("default",)),
        segmented=True,
    )
    expansion = expand(_set(index, remote.url), view)
    assert not expansion.unverifiable
    files = {item["metadata"]["annotations"][_FILE] for item in expansion.applications}
    assert (files, bool(expansion.errors)) == picked[f"glob-{index:02}"]
