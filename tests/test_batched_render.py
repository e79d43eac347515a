"""Overlays that share a kustomize process render as they would alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from checking import check, write

from scaffold import parse, survey
from scaffold.model import How
from scaffold.render import builders, kustomize
from scaffold.validate import batches

_USER = """\
# {name}/kustomization.yaml
resources: [pod.yaml]
{extra}
# {name}/pod.yaml
apiVersion: v1
kind: Pod
metadata: {{name: {name}}}
spec:
  containers:
    - name: web
      image: registry.example.com/web:1.0.0
      envFrom: [{{configMapRef: {{name: settings}}}}]
"""
_GENERATOR = "configMapGenerator: [{name: settings, literals: [a=b]}]"
PAIRS = {
    "a generator beside one who refers to the same name": (_GENERATOR, ""),
    "in one namespace": (f"{_GENERATOR}\nnamespace: shop", "namespace: shop"),
    "in a namespace and in none": (f"{_GENERATOR}\nnamespace: shop", ""),
    "two generators of one name": (f"{_GENERATOR}\nnamespace: shop", f"{_GENERATOR}\nnamespace: shop"),
    "a prefix beside nothing": ("namePrefix: a-", ""),
    "in two namespaces": (f"{_GENERATOR}\nnamespace: shop", f"{_GENERATOR}\nnamespace: bank"),
}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=list(PAIRS))
def test_a_batch_renders_what_each_renders_alone(pair: tuple[str, str], tmp_path: Path) -> None:
    # Two more make room for the first two in one process.
    extras = dict(zip("abcd", (*pair, "namespace: third", "namespace: fourth"), strict=True))
    root = write(tmp_path, "".join(_USER.format(name=name, extra=extra) for name, extra in extras.items()))
    repository = survey.survey(root)
    overlays = [overlay for overlay in repository.overlays.values() if overlay.how is How.KUSTOMIZE]
    builder = builders.find()
    together: dict[str, Any] = {}
    for group in batches.batches(overlays, repository, 1):
        together |= kustomize.build_many(builder, root, [overlay.path for overlay in group])
    alone = {name: parse.rendered(kustomize.build(builder, root, name)) for name in extras}
    assert _unordered(together) == _unordered(alone)


def _unordered(built: dict[str, Any]) -> dict[str, list[str]]:
    """The objects of each overlay; their order says nothing, because engines sort, and kubectl's kustomize does too."""
    return {name: sorted(json.dumps(item, sort_keys=True) for item in items) for name, items in built.items()}


def test_overlays_of_different_namespaces_share_a_process(tmp_path: Path) -> None:
    names = ("one", "two", "three")
    texts = (_USER.format(name=name, extra=f"{_GENERATOR}\nnamespace: {name}") for name in names)
    repository = survey.survey(write(tmp_path, "".join(texts)))
    groups = batches.batches(list(repository.overlays.values()), repository, 1)
    assert [len(group) for group in groups] == [2, 1]


_INGRESS = """\
# {name}/kustomization.yaml
namespace: {name}
resources: [ingress.yaml]
# {name}/ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: {name}}}
spec:
  ingressClassName: {wanted}
  defaultBackend: {{service: {{name: {name}, port: {{number: 80}}}}}}
"""
_CLASS = """\
# classes/kustomization.yaml
resources: [class.yaml]
# classes/class.yaml
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: traefik}
spec: {controller: traefik.io/ingress-controller}
"""
_COUNTING = """\
#!/bin/sh
[ "$1" = version ] && echo v{version} && exit
echo "$2" >> {log}
shift
exec {command} "$@"
"""


def test_what_another_overlay_settles_costs_no_build_of_its_own(tmp_path: Path) -> None:
    names = ("one", "two", "three", "four", "five")
    texts = (_INGRESS.format(name=name, wanted="traefik") for name in names)
    root = write(tmp_path / "repository", _CLASS + "".join(texts))
    builder, log, program = builders.find(), tmp_path / "log", tmp_path / "kustomize"
    program.write_text(_COUNTING.format(version=builder.version, log=log, command=" ".join(builder.command)))
    program.chmod(0o755)
    assert not [finding for finding in check(root, kustomize=str(program)).findings if "Class" in finding.message]
    assert len(log.read_text().splitlines()) < len(names)
    write(root, _INGRESS.format(name="one", wanted="traefic"))
    (told,) = [finding for finding in check(root, kustomize=str(program)).findings if "Class" in finding.message]
    assert told.location == ("one/ingress.yaml", 5, 21)
    assert "did you mean 'traefik'?" in told.message
    kept = [check(root, kustomize=str(program), cache=tmp_path / "cache").findings for _ in range(2)]
    before = len(log.read_text().splitlines())
    assert [check(root, kustomize=str(program), cache=tmp_path / "cache").findings, kept[0]] == [(told,), kept[1]]
    assert len(log.read_text().splitlines()) == before, "where it stands is kept, too"
