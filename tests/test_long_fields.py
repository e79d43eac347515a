"""Fields that hold texts without an end: each is read in a time that grows as the text does."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from checking import check, write

_LENGTH = 60_000
_SECONDS = 10  # of DESIGN
# What a search may begin at every sign of, and find no end to.
_UNITS = ["{{", "{{ .x | ", "{{- a -}} ", "${", "$(", "${{ ", " ", "\n", "- ", "a", "1.", "[", "(", "{a,", '"', "a://"]
_UNITS += ["/a", "a,", "tag", "password"]
_OWN = "https://git.example.com/a.git"


def _object(api_version: str, kind: str, name: str, notes: dict[str, str] | None = None, **fields: Any) -> str:
    metadata = {"name": name, "namespace": "argocd", "annotations": notes or {}}
    return json.dumps({"apiVersion": api_version, "kind": kind, "metadata": metadata, **fields})


def _settings(text: str) -> Iterator[str]:
    """What Argo CD is told."""
    keys = ("policy.a.csv", "accounts.a", "resource.customizations.ignoreDifferences.apps_Deployment", "dex.config")
    for name in ("argocd-cm", "argocd-rbac-cm", "argocd-cmd-params-cm"):
        yield _object("v1", "ConfigMap", name, data=dict.fromkeys(keys, text))
    data = dict.fromkeys(("template.a", "trigger.a", "service.webhook.a"), text)
    slack = f"message: a\nslack:\n  attachments: {json.dumps('[' + text)}\n"
    data |= {"template.s": slack, "trigger.w": f"- when: {json.dumps(text)}\n  send: [s]\n", "context": "a: b\n"}
    yield _object("v1", "ConfigMap", "argocd-notifications-cm", data=data)


def _generated(text: str) -> Iterator[str]:
    """ApplicationSets."""
    source = {"repoURL": _OWN, "path": "{{ .a }}", "targetRevision": "main"}
    template = {"metadata": {"name": "a"}, "spec": {"project": "default", "source": source, "destination": {}}}
    named = {**template, "metadata": {"name": text}}
    for go in (True, False):
        spec: dict[str, Any] = {
            "goTemplate": go,
            "generators": [{"list": {"elements": [{"a": text}]}}],
            "template": template,
        }
        yield _object("argoproj.io/v1alpha1", "ApplicationSet", f"a-{go}".lower(), spec=spec)
        spec |= {"templatePatch": text, "template": named}
        yield _object("argoproj.io/v1alpha1", "ApplicationSet", f"b-{go}".lower(), spec=spec)
    files = {"git": {"repoURL": _OWN, "files": [{"path": text}]}}
    spec = {"generators": [files], "template": template}
    yield _object("argoproj.io/v1alpha1", "ApplicationSet", "c", spec=spec)


def _deployed(text: str) -> Iterator[str]:
    """Applications and projects."""
    helm = {"parameters": [{"name": text, "value": text}], "valueFiles": [text], "values": text}
    source: dict[str, Any] = {"repoURL": _OWN, "path": "web", "targetRevision": text, "helm": helm}
    patch: dict[str, Any] = {"target": {"kind": "ConfigMap", "name": text}}
    patch |= {"patch": f"- op: remove\n  path: {json.dumps(text)}\n"}
    ignored = {"kind": "Deployment", "group": "apps", "jsonPointers": [text], "jqPathExpressions": [text]}
    spec = {"project": "default", "source": source, "ignoreDifferences": [ignored], "destination": {"name": text}}
    yield _object("argoproj.io/v1alpha1", "Application", "a", spec=spec)
    kustomize = {"patches": [patch], "images": [text]}
    several: list[Any] = [{"repoURL": _OWN, "path": "web", "kustomize": kustomize}, {"repoURL": text}]
    yield _object("argoproj.io/v1alpha1", "Application", "b", spec={**spec, "source": None, "sources": several})
    windows = [{"kind": "allow", "schedule": text, "duration": text, "applications": [text]}]
    project = {"sourceRepos": [text], "destinations": [{"server": text, "namespace": text}], "syncWindows": windows}
    roles = [{"name": "a", "policies": [text]}]
    yield _object("argoproj.io/v1alpha1", "AppProject", "a", spec={**project, "roles": roles})


def _running(text: str) -> Iterator[str]:
    """Pods, secrets and routes."""
    container: dict[str, Any] = {"name": "a", "image": text, "env": [{"name": "PASSWORD", "value": text}]}
    container |= {"command": [text], "resources": {"requests": {"cpu": text}, "limits": {"memory": text}}}
    yield _object("v1", "Pod", "a", spec={"containers": [container]})
    yield _object("v1", "Secret", "a", stringData={"config": text, "url": f"https://{text}", "a.conf": f"{text}\n"})
    yield _object("v1", "ConfigMap", "a", data={"a.conf": text})
    rules = [{"host": text, "http": {"paths": [{"path": text, "pathType": "Prefix"}]}}]
    notes = {"nginx.ingress.kubernetes.io/rewrite-target": "/$1"}
    yield _object("networking.k8s.io/v1", "Ingress", "a", notes, spec={"rules": rules})
    yield _object("batch/v1", "CronJob", "a", spec={"schedule": text})
    groups = [{"name": "a", "rules": [{"alert": "A", "expr": text, "for": text, "annotations": {"summary": text}}]}]
    yield _object("monitoring.coreos.com/v1", "PrometheusRule", "a", spec={"groups": groups})


def _synced(text: str) -> Iterator[str]:
    """A cluster of Flux."""
    source = {"kind": "GitRepository", "name": "flux-system"}
    whole = {"interval": "10m", "path": "./", "prune": True, "sourceRef": source}
    yield _object("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "flux-system", spec=whole)
    git = {"interval": "5m", "url": _OWN, "ref": {"branch": "main"}, "ignore": text}
    yield _object("source.toolkit.fluxcd.io/v1", "GitRepository", "flux-system", spec=git)
    patches = [{"target": {"kind": "ConfigMap", "name": text}, "patch": text}]
    spec = {**whole, "interval": text, "path": "./web", "patches": patches, "timeout": text}
    spec |= {"ignore": [{"target": {"kind": "A", "name": text}, "paths": [text]}]}
    spec |= {"postBuild": {"substitute": {"a": text}}, "healthCheckExprs": [{"kind": "A", "current": text}]}
    yield _object("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "a", spec=spec)
    message = {"git": {"commit": {"messageTemplate": text}}, "sourceRef": source, "interval": "5m"}
    yield _object("image.toolkit.fluxcd.io/v1", "ImageUpdateAutomation", "a", spec=message)
    policy = {"policy": {"semver": {"range": text}}, "filterTags": {"pattern": text}, "imageRepositoryRef": source}
    yield _object("image.toolkit.fluxcd.io/v1", "ImagePolicy", "a", spec=policy)
    chart = {"spec": {"chart": text, "version": text, "sourceRef": source}}
    release = {
        "interval": "5m",
        "chart": chart,
        "values": {"a": text},
        "postRenderers": [{"kustomize": {"patches": patches}}],
    }
    yield _object("helm.toolkit.fluxcd.io/v2", "HelmRelease", "a", spec=release)


def _beside(text: str) -> dict[str, str]:
    """Files of CI and of tools."""
    steps = [{"run": text}, {"uses": text}, {"run": "echo a", "env": {"A": text}}]
    return {
        ".github/workflows/a.yaml": json.dumps({"on": "push", "jobs": {"a": {"runs-on": "a", "steps": steps}}}),
        ".gitlab-ci.yml": json.dumps({"a": {"script": [text]}}),
        ".sops.yaml": json.dumps({"creation_rules": [{"path_regex": text, "encrypted_regex": text}]}),
        "web/config.yaml": _object("v1", "ConfigMap", "web", data={"a": text}),
    }


@pytest.mark.parametrize("unit", _UNITS)
def test_fields_of_any_length_are_read_in_a_moment(unit: str, tmp_path: Path) -> None:
    text = unit * (_LENGTH // len(unit))
    made = {made.__name__: made(text) for made in (_settings, _generated, _deployed, _running, _synced)}
    trees = {f"flux{name}.yaml": "\n---\n".join(objects) for name, objects in made.items()} | _beside(text)
    write(tmp_path, "".join(f"# {path}\n{tree}\n" for path, tree in trees.items()))
    started = time.process_time()
    report = check(tmp_path, profile="strict")
    assert time.process_time() - started < _SECONDS
    assert not [finding.message[:300] for finding in report.findings if "failed here" in finding.message]
