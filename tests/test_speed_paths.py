"""Shortcuts change nothing but time: every report from a cache equals the one without it."""

from __future__ import annotations

import dataclasses
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from checking import check, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import commit

from scaffold import discover, git, load
from scaffold.cache import Cache
from scaffold.model import How, Overlay
from scaffold.progress import told
from scaffold.render import builders, kustomize
from scaffold.validate import Options, Report, _prepared, ahead, remembered, sources, validate, versions

_TREE = """
    # .gitops-scaffold.yaml
    engine: argocd
    repository: https://git.example.com/fleet.git
    # apps/web/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - deployment.yaml
      - widget.yaml
    # apps/web/base/deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector:
        matchLabels: {app: web}
      template:
        metadata:
          labels: {app: web}
        spec:
          containers:
            - name: web
              image: registry.example.com/web
    # apps/web/base/widget.yaml
    apiVersion: example.com/v1
    kind: Widget
    metadata:
      name: web
    spec:
      size: 1
    # apps/web/overlays/dev/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    namespace: web-dev
    resources:
      - ../../base
    images:
      - name: registry.example.com/web
        newTag: "1.0"
    # apps/web/overlays/production/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    namespace: web-production
    resources:
      - ../../base
    images:
      - name: registry.example.com/web
        newTag: "1.0"
    configMapGenerator:
      - name: web
        files:
          - settings.ini
    # apps/web/overlays/production/settings.ini
    size=1
    # crds/widget.yaml
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata:
      name: widgets.example.com
    spec:
      group: example.com
      scope: Namespaced
      names: {kind: Widget, plural: widgets, singular: widget, listKind: WidgetList}
      versions:
        - name: v1
          served: true
          storage: true
          schema:
            openAPIV3Schema:
              type: object
              properties:
                spec:
                  type: object
                  properties:
                    size: {type: integer}
    # engine/application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/fleet.git
        path: apps/web/overlays/dev
      destination:
        name: in-cluster
        namespace: web-dev
    # engine/set.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: tools
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions: [missingkey=error]
      generators:
        - git:
            repoURL: https://git.example.com/fleet.git
            revision: HEAD
            files: [{path: engine/tools.json}]
      template:
        metadata: {name: "{{ .name }}-production"}
        spec:
          project: default
          source:
            repoURL: https://git.example.com/fleet.git
            targetRevision: HEAD
            path: "apps/{{ .name }}/overlays/production"
          destination: {name: in-cluster, namespace: web-production}
    # engine/tools.json
    {"name": "web"}
"""
_DEV = "apps/web/overlays/dev/kustomization.yaml"
_PRODUCTION = "apps/web/overlays/production/kustomization.yaml"


def _replace(path: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        file = root / path
        if file.is_file():
            file.write_text(file.read_text().replace(old, new))

    return edit


def _unnoticed(path: str, old: str, new: str) -> Callable[[Path], None]:
    """An edit that leaves the size and the time of modification as they were."""

    def edit(root: Path) -> None:
        file = root / path
        if file.is_file():
            before = file.stat()
            _replace(path, old, new)(root)
            os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    return edit


def _write(path: str, text: str) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)

    return edit


def _remove(path: str) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        if (root / path).is_dir():
            shutil.rmtree(root / path)
        else:
            (root / path).unlink(missing_ok=True)

    return edit


_EDITS: dict[str, Callable[[Path], None]] = {
    "another tag": _replace(_DEV, '"1.0"', '"1.1"'),
    "a floating tag": _unnoticed(_DEV, '"1.0"', "  ''"),
    "a tag for an image that is not there": _replace(
        _PRODUCTION, "registry.example.com/web", "registry.example.com/wbe"
    ),
    "a misspelled field": _unnoticed("apps/web/base/deployment.yaml", "image:", "imago:"),
    "the field mended": _unnoticed("apps/web/base/deployment.yaml", "imago:", "image:"),
    "another type of a custom resource": _replace("crds/widget.yaml", "size: {type: integer}", "size: {type: string}"),
    "no definition any more": _remove("crds"),
    "a file that is no YAML": _write("apps/web/base/broken.yaml", "a: [\n"),
    "that file gone": _remove("apps/web/base/broken.yaml"),
    "an orphan": _write("apps/web/base/orphan.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: orphan\n"),
    "another content of a generator's file": _write("apps/web/overlays/production/settings.ini", "size=2\n"),
    "no file for the generator": _remove("apps/web/overlays/production/settings.ini"),
    "another value for a generator": _unnoticed("engine/tools.json", "web", "wbe"),
    "no file for a generator of applications": _remove("engine/tools.json"),
    "another name of the set": _replace("engine/set.yaml", "name: tools", "name: others"),
    "a path that is not there": _replace("engine/application.yaml", "overlays/dev", "overlays/lab"),
    "a resource that is not there": _replace(_DEV, "../../base", "../../bass"),
    "the resource back": _replace(_DEV, "../../bass", "../../base"),
    "another namespace": _replace(_DEV, "namespace: web-dev", "namespace: web-production"),
    "a rule turned off": _write(".gitops-scaffold.yaml", "engine: argocd\nrules:\n  floating-image: off\n"),
    "no settings": _remove(".gitops-scaffold.yaml"),
    "an ignore comment": _replace(_DEV, "images:", "images: # gitops-scaffold: ignore floating-image: a test"),
    "a moved line": _replace("apps/web/base/deployment.yaml", "spec:\n  selector", "\nspec:\n  selector"),
}


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust stamps at once; a user waits two seconds for that."""
    monkeypatch.setattr(remembered, "RACY", 0)
    monkeypatch.setattr(sources, "RACY", 0)


def _cached(root: Path, cache: Path) -> Report:
    return validate(root, Options(jobs=1, cache=cache))


def _steps(root: Path, cache: Path) -> list[tuple[str, int]]:
    """The steps that a run with a cache reports, each with how much it had to do."""
    seen: dict[str, int] = {}
    with told(lambda label, _, total: seen.update({label: total})):
        _cached(root, cache)
    return sorted(seen.items())


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(st.sampled_from(sorted(_EDITS)), min_size=1, max_size=4))
def test_after_any_edits_a_report_from_the_cache_is_the_one_without(
    edits: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root, cache = write(tmp_path_factory.mktemp("tree"), _TREE), tmp_path_factory.mktemp("cache")
    assert _cached(root, cache) == check(root)
    for name in edits:
        _EDITS[name](root)
        assert _cached(root, cache) == check(root), name
        assert _cached(root, cache) == check(root), f"{name}, once more"


@pytest.mark.parametrize("name", sorted(_EDITS))
def test_every_edit_is_noticed_or_changes_nothing(name: str, tmp_path: Path) -> None:
    root, cache = write(tmp_path / "tree", _TREE), tmp_path / "cache"
    _cached(root, cache)
    _EDITS[name](root)
    assert _cached(root, cache) == check(root)


def test_an_unchanged_tree_is_neither_read_nor_rendered(tmp_path: Path) -> None:
    root, cache = write(tmp_path / "tree", _TREE), tmp_path / "cache"
    assert [label for label, _ in _steps(root, cache)] == ["reading files", "rendering overlays"]
    assert _steps(root, cache) == []


def test_only_what_a_change_reaches_is_rendered(tmp_path: Path) -> None:
    root, cache = write(tmp_path / "tree", _TREE), tmp_path / "cache"
    _cached(root, cache)
    write(root, "# notes.yaml\nkind: none\n")
    assert [label for label, _ in _steps(root, cache)] == ["reading files"]
    _EDITS["another tag"](root)
    assert [label for label, _ in _steps(root, cache)] == ["reading files", "rendering overlays"]


def test_a_file_that_a_generator_reads_counts_though_it_declares_nothing(tmp_path: Path) -> None:
    root, cache = write(tmp_path / "tree", _TREE), tmp_path / "cache"
    before = _cached(root, cache)
    _EDITS["another value for a generator"](root)
    after = _cached(root, cache)
    assert "missing-path" in {finding.rule for finding in after.findings} - {
        finding.rule for finding in before.findings
    }


def test_a_tag_changes_nothing_that_spans_the_repository(tmp_path: Path) -> None:
    root = write(tmp_path, _TREE)
    file = load.source_file(_DEV, (root / _DEV).read_bytes())
    _EDITS["another tag"](root)
    changed = load.source_file(_DEV, (root / _DEV).read_bytes())
    plain, again = load.without_promotables(file), load.without_promotables(changed)
    assert file.documents != changed.documents
    assert plain.documents == again.documents
    assert "1.0" not in str(plain.documents)


def test_a_young_file_is_not_trusted_to_its_stamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "RACY", discover.RACY)
    monkeypatch.setattr(sources, "RACY", discover.RACY)
    root, cache = write(tmp_path / "tree", _TREE), tmp_path / "cache"
    _cached(root, cache)
    assert [label for label, _ in _steps(root, cache)] == ["reading files"]


def test_what_could_not_be_rendered_is_tried_again(tmp_path: Path) -> None:
    chart = (
        "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n  - name: x\n    version: 1.0.0\n    repository: "
    )
    application = _TREE.partition("# engine/application.yaml\n")[2].replace("apps/web/overlays/dev", "chart")
    root, cache = write(tmp_path / "tree", f"    # engine/application.yaml\n{application}"), tmp_path / "cache"
    _write("chart/Chart.yaml", chart)(root)
    first = _cached(root, cache)
    assert [item.path for item in first.summary.skipped] == ["chart"]
    assert _steps(root, cache) == [("rendering overlays", 1)]


def test_options_have_reports_of_their_own(tmp_path: Path) -> None:
    root, cache = write(tmp_path / "tree", _TREE), tmp_path / "cache"
    plain, strict = Options(jobs=1, cache=cache), Options(jobs=1, cache=cache, profile="strict", require_rendered=True)
    _replace("apps/web/base/kustomization.yaml", "  - widget.yaml", "  - widget.yaml\n  - https://example.com/x.yaml")(
        root
    )
    for options in (plain, strict, plain, strict):
        without = Options(jobs=1, profile=options.profile, require_rendered=options.require_rendered)
        assert validate(root, options) == validate(root, without)
    assert validate(root, plain) != validate(root, strict)


def test_what_git_ignores_is_left_out_whenever_git_answers(tmp_path: Path) -> None:
    root = write(
        tmp_path, "# a/kept.yaml\nkind: A\n# a/out/b/c.yaml\nkind: C\n# a/out/Chart.yaml\nname: x\n# d.log\nx\n"
    )
    (root / ".gitignore").write_text("out/\n*.log\n")
    git.run(root, "init", "--quiet")
    commit(root)
    tree = discover.tree(root)
    assert (sorted(tree.yaml), sorted(tree.others)) == (["a/kept.yaml"], [".gitignore"])
    assert (sorted(tree.directories), sorted(tree.charts)) == (["", "a"], [])


def test_a_shim_is_asked_for_its_version_every_time(tmp_path: Path) -> None:
    shim, said = tmp_path / "kustomize", tmp_path / "said"
    shim.write_text(f"#!/bin/sh\ncat {said}\n")
    shim.chmod(0o755)
    cache = Cache(tmp_path / "cache")
    for version in ("5.6.0", "5.7.1"):
        said.write_text(f"v{version}\n")
        assert builders.find(str(shim), cache).version == version
    cache.close()


def test_a_kustomize_on_the_path_builds_unless_the_embedded_one_is_newer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    embedded, program = builders.find(), tmp_path / "kustomize"
    for version, used in {"0.1.0": False, "": False, embedded.version: True, "99.0.0": True}.items():
        program.write_text(f"#!/bin/sh\necho v{version}\n")
        program.chmod(0o755)
        assert (builders.find().command == (str(program), "build")) is used, version


def test_a_kustomize_that_cannot_be_told_the_order_builds_one_by_one(tmp_path: Path) -> None:
    root = write(tmp_path, _TREE)
    builder = builders.find()
    old = dataclasses.replace(builder, version="4.5.7")
    directories = [f"apps/web/overlays/{name}" for name in ("production", "dev")]
    together = kustomize.build_many(builder, root, directories)
    assert {path: [item["kind"] for item in items] for path, items in together.items() if isinstance(items, list)} == {
        "apps/web/overlays/production": ["Deployment", "Widget", "ConfigMap"],
        "apps/web/overlays/dev": ["Deployment", "Widget"],
    }
    alone = kustomize.build_many(old, root, directories)
    for path in directories:
        assert sorted(alone[path], key=str) == sorted(together[path], key=str)  # type: ignore[arg-type]  # no errors


def test_the_build_that_a_change_asks_for_is_begun_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, options, room = write(tmp_path / "fleet", _TREE), Options(cache=tmp_path / "cache"), tmp_path / "room"
    dev, production = (Overlay(f"apps/web/overlays/{name}", How.KUSTOMIZE) for name in ("dev", "production"))
    room.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(room))
    validate(root, options)
    changed = root / dev.path / "kustomization.yaml"
    changed.write_text(changed.read_text().replace("web-dev", "web-test"))
    with _prepared(root, options) as prepared, ahead.begun(prepared) as begun:
        assert begun.taken(prepared.builder, [dev]) == kustomize.build_many(prepared.builder, root, [dev.path])
        assert begun.taken(prepared.builder, [dev, production]) is None
        assert begun.taken(prepared.builder.unrestricted(), [dev]) is None
    with _prepared(root, options) as prepared, ahead.begun(prepared) as begun:
        assert begun.taken(prepared.builder, [dev]) is None, "nothing has changed since the last run"
    changed.write_text(changed.read_text().replace("web-test", "web-dev"))
    with _prepared(root, options) as prepared, ahead.begun(prepared):
        pass  # nobody takes it
    changed.write_text(changed.read_text().replace("web-dev", "web-other"))
    with _prepared(root, options) as prepared, ahead.begun(prepared) as begun:
        read = dataclasses.replace(dev, reads=(f"{dev.path}/kustomization.yaml",))
        assert begun.taken(prepared.builder, [read])
        changed.write_text(changed.read_text().replace("web-other", "web-dev"))
        assert begun.taken(prepared.builder, [read]) is None, "it has changed since the build began"
    changed.write_text(changed.read_text().replace("web-dev", "web-test"))
    monkeypatch.setattr(versions, "of_code", lambda: "another")
    with _prepared(root, options) as prepared, ahead.begun(prepared) as begun:
        assert begun.taken(prepared.builder, [dev]) is None, "other code has kept the plan"
    assert not list(room.iterdir())
