"""The cache: what goes in comes out, and no state of its file or of other runs does harm."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from checking import lines, write

from scaffold import cache as module
from scaffold.cache import Cache
from scaffold.validate import Options, validate

_TREE = """
# kustomization.yaml
resources:
  - pod.yaml
# pod.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example.com/web
# plain/config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
"""
_FOUND = [
    (
        "pod.yaml:8:14: warning: Pod 'web', container 'web' runs 'registry.example.com/web', which floats; pin it to a "
        "version tag or a digest [floating-image]"
    )
]


def _found(root: Path, cache: Path) -> list[str]:
    return lines(validate(root, Options(cache=cache, jobs=2)), root)


def _file(directory: Path) -> Path:
    return directory / "results.sqlite"


def test_values_come_back(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    cache.put_many({str(number): {"number": number} for number in range(1200)})
    cache.close()
    cache = Cache(tmp_path / "cache")
    assert cache.get_many(str(number) for number in range(1201)) == {str(n): {"number": n} for n in range(1200)}
    assert cache.get("none") is None
    cache.close()


def test_without_a_directory_nothing_is_kept() -> None:
    cache = Cache(None)
    cache.put_many({"a": 1})
    assert cache.get("a") is None
    cache.close()


def test_older_half_goes_when_it_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LARGEST", 200_000)
    cache = Cache(tmp_path)
    for number in range(40):
        monkeypatch.setattr(time, "time", lambda number=number: float(number))
        cache.put_many({str(number): os.urandom(20_000)})
    kept = sorted(cache.get_many(str(number) for number in range(40)), key=int)
    cache.close()
    assert "39" in kept
    assert "0" not in kept
    assert len(kept) < 20


@pytest.mark.parametrize("damage", [b"", b"not a database at all", b"SQLite format 3\0" + b"\xff" * 5000])
def test_damaged_file_is_replaced(damage: bytes, tmp_path: Path) -> None:
    _file(tmp_path).write_bytes(damage)
    cache = Cache(tmp_path)
    cache.put_many({"a": 1})
    cache.close()
    cache = Cache(tmp_path)
    assert cache.get("a") == 1
    cache.close()


def test_damaged_page_is_noticed_later(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put_many({str(number): os.urandom(3000) for number in range(100)})
    cache.close()
    content = bytearray(_file(tmp_path).read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    _file(tmp_path).write_bytes(content)
    for _ in range(2):
        cache = Cache(tmp_path)
        cache.get_many(str(number) for number in range(100))
        cache.put_many({"a": 1})
        cache.close()
    cache = Cache(tmp_path)
    assert cache.get("a") == 1
    cache.close()


@pytest.mark.parametrize(
    "value", [b"", b"\x80", b"\x80\x05K", b"cscaffold.nothing\nNothing\n.", b"\xff" * 50, b"I1x\n."]
)
def test_value_that_cannot_be_unpickled_is_absent(value: bytes, tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert cache._connection is not None  # there is no other way to write nonsense
    cache._connection.execute("insert into entries values ('a', ?, 0)", (value,))
    assert cache.get("a") is None
    cache.put_many({"a": 2})
    assert cache.get("a") == 2
    cache.close()


def test_directory_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    root = write(tmp_path / "repository", _TREE)
    assert _found(root, tmp_path / "file" / "cache") == _FOUND


@pytest.mark.skipif(os.geteuid() == 0, reason="root can write everywhere")
def test_directory_that_cannot_be_written(tmp_path: Path) -> None:
    root = write(tmp_path / "repository", _TREE)
    (tmp_path / "cache").mkdir(mode=0o500)
    assert _found(root, tmp_path / "cache") == _FOUND


def test_warm_run_says_the_same_and_a_change_is_seen(tmp_path: Path) -> None:
    root, cache = write(tmp_path / "repository", _TREE), tmp_path / "cache"
    assert _found(root, cache) == _FOUND
    assert _found(root, cache) == _FOUND
    pod = root / "pod.yaml"
    text = pod.read_text()
    pod.write_text(text.replace("/web\n", "/web:1.0.0\n"))
    assert _found(root, cache) == []
    pod.write_text(text)
    assert _found(root, cache) == _FOUND


def test_change_of_equal_size_and_time_is_seen(tmp_path: Path) -> None:
    root, cache = write(tmp_path / "repository", _TREE), tmp_path / "cache"
    pod = root / "pod.yaml"
    pod.write_text(pod.read_text().replace("/web\n", "/web:10.0.0\n"))
    before = pod.stat()
    assert _found(root, cache) == []
    pod.write_text(pod.read_text().replace("10.0.0", "latest"))
    os.utime(pod, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert pod.stat().st_size == before.st_size
    assert len(_found(root, cache)) == 1


def test_a_file_of_terraform_is_seen_again(tmp_path: Path) -> None:
    backend = 'terraform {\n  backend "s3" {\n    bucket = "shop-states"\n    key    = "%s.tfstate"\n  }\n}\n'
    root = write(tmp_path / "repository", _TREE)
    for name in ("production", "staging"):
        (root / name).mkdir()
        (root / name / "main.tf").write_text(backend % name)
    assert _found(root, tmp_path / "cache") == _FOUND
    (root / "production/main.tf").write_text(backend % "staging")
    found = [_found(root, tmp_path / "cache") for _ in range(2)]
    assert found[0] == found[1]
    assert [line.rpartition("[")[2] for line in found[0]] == ["floating-image]", "shared-state]"]
    (root / "production/main.tf").write_text(backend % "production")
    assert _found(root, tmp_path / "cache") == _FOUND


def test_file_that_no_overlay_lists_by_its_own_name_is_seen(tmp_path: Path) -> None:
    root, cache = tmp_path / "repository", tmp_path / "cache"
    write(root, "# kustomization.yaml\nconfigMapGenerator:\n  - name: web\n    files: [settings.ini]\n")
    (root / "settings.ini").write_text("a")
    assert _found(root, cache) == []
    (root / "settings.ini").unlink()
    assert [line.partition(" [")[2] for line in _found(root, cache)] == ["missing-resource]"]


def test_what_environments_are_compared_by_is_seen_again(tmp_path: Path) -> None:
    root, cache = tmp_path / "repository", tmp_path / "cache"
    shutil.copytree(Path(__file__).parent / "cases/lower-limit/as-in-the-manual", root)
    patch = root / "web/overlays/production/limits.yaml"
    written = patch.read_text(encoding="utf-8")
    found = []
    for limit in ("9Gi", "8Gi", "1Mi"):
        patch.write_text(re.sub(r"memory: .*", f"memory: {limit}", written), encoding="utf-8")
        found.append([line for line in _found(root, cache) if "[lower-limit]" in line])
    assert [len(each) for each in found] == [0, 0, 1]


def test_new_tag_bears_on_nothing_that_spans_the_repository(tmp_path: Path) -> None:
    root, cache = tmp_path / "repository", tmp_path / "cache"
    shutil.copytree(Path(__file__).parent / "cases/lower-limit/as-in-the-manual", root)
    names = []
    for environment, tag in (("production", "1.0.0"), ("production", "1.1.0"), ("staging", "1.1.0")):
        images = f"images:\n  - name: registry.example.com/web\n    newTag: {tag}\n"
        with (root / f"web/overlays/{environment}/kustomization.yaml").open("a", encoding="utf-8") as file:
            file.write(images if tag == "1.0.0" else f"# {tag}\n")
        _found(root, cache)
        names.append(Cache(cache).get(f"wide:{root}")[0])
    assert len(set(names)) == 1


def test_two_repositories_share_a_cache_and_stay_apart(tmp_path: Path) -> None:
    one, two = write(tmp_path / "one", _TREE), write(tmp_path / "two", _TREE)
    (two / "pod.yaml").write_text((two / "pod.yaml").read_text().replace("/web\n", "/web:1.0.0\n"))
    for _ in range(2):
        assert _found(one, tmp_path / "cache") == _FOUND
        assert _found(two, tmp_path / "cache") == []


def test_runs_at_the_same_time(tmp_path: Path) -> None:
    root, cache = write(tmp_path / "repository", _TREE), tmp_path / "cache"
    code = (
        "import sys; from pathlib import Path; from scaffold.validate import Options, validate;"
        f"report = validate(Path({str(root)!r}), Options(cache=Path({str(cache)!r}), jobs=1));"
        "sys.exit(len(report.findings))"
    )
    runs = [subprocess.Popen([sys.executable, "-W", "error", "-c", code], stderr=subprocess.PIPE) for _ in range(5)]
    assert [(run.communicate()[1], run.returncode) for run in runs] == [(b"", 1)] * 5


_CLUSTERS = """
# .gitops-scaffold.yaml
repository: https://git.example.com/shop/fleet.git
# apps/kustomization.yaml
resources:
  - config.yaml
# apps/config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  region: ${region}
# extras/config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: other
# extras/patch-one.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: one
# extras/patch-two.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: two
"""
_CLUSTER = """
# clusters/NAME/sync.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 1m
  url: https://git.example.com/shop/fleet.git
  ref:
    branch: main
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 10m
  path: ./clusters/NAME
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  path: ./apps
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
  postBuild:
    substitute:
      alpha: a
      beta: b
      gamma: c
      region: NAME
"""


def test_another_process_finds_what_one_has_kept(tmp_path: Path) -> None:
    """Whatever order sets have in it, which each process draws anew."""
    root, cache = write(tmp_path / "repository", _CLUSTERS), tmp_path / "cache"
    for name in ("east", "north", "west"):
        write(root, _CLUSTER.replace("NAME", name))
    code = (
        "from pathlib import Path; from scaffold.validate import Options, validate;"
        f"validate(Path({str(root)!r}), Options(cache=Path({str(cache)!r}), jobs=1))"
    )
    kept = []
    for seed in ("1", "2", "3"):
        env = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-W", "error", "-c", code], env=env, timeout=120, check=True)
        kept.append(_overlays(cache))
    assert len(kept[0]) > 3
    assert kept[1:] == [kept[0], kept[0]]


def _overlays(cache: Path) -> list[str]:
    """The names under which results of overlays are kept."""
    with contextlib.closing(sqlite3.connect(_file(cache))) as connection:
        return sorted(key for (key,) in connection.execute("select key from entries where key like 'overlay:%'"))
