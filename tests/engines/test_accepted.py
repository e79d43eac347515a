"""Every object of every example is accepted by the API server: strict about fields, warnings count as refusals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

import examples
from engines.control_plane import ControlPlane
from engines.fleets import generate, grow
from engines.web import Answer
from scaffold import survey
from scaffold.model import How, Overlay

# What needs a chart that only the network brings; the chart's objects are its publisher's.
FETCHED = {"platform/argocd/overlays/hub", "platform/image-updater/overlays/hub"}
# Its controller publishes no definition as a manifest; its schema judges it.
ELSEWHERE = {"HelmRelease"}
NAMES = sorted(path.name for path in examples.EXAMPLES.iterdir() if path.is_dir())


@pytest.fixture(autouse=True)
def _helm_on_path(api_server: ControlPlane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", api_server.environment["PATH"])


@pytest.mark.parametrize("name", NAMES)
def test_every_object_of_an_example_is_accepted(api_server: ControlPlane, name: str) -> None:
    assert _refused(api_server, examples.EXAMPLES / name) == {}


@pytest.mark.parametrize(
    ("engine", "secrets", "secret"),
    [
        ("argocd", "external-secrets", "external_secret"),
        ("argocd", "sealed-secrets", "sealed_secret"),
        ("flux", "sealed-secrets", "sealed_secret"),
    ],
)
def test_every_object_of_every_option_is_accepted(
    api_server: ControlPlane, engine: str, secrets: str, secret: str, tmp_path: Path
) -> None:
    tree = tmp_path / "fleet"
    images = "flux" if engine == "flux" else "argocd-image-updater"
    generate(tree, f"engine={engine}", f"secrets={secrets}", "monitoring=true", f"image_updates={images}")
    grow(tree, "team", "checkout")
    options = ("service_monitor=true", f"{secret}=true", "autoscaling=true")
    for route in ("ingress", "gateway"):
        grow(tree, "app", f"behind-{route}", "--team", "checkout", f"route={route}", *options)
    assert _refused(api_server, tree) == {}


def test_what_the_server_refuses_or_warns_about_is_seen(api_server: ControlPlane) -> None:
    port = {"name": "http", "port": 80, "targetPrt": 80}
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"ports": [port]}}
    assert "targetPrt" in _problem(api_server.kube.try_out(service))
    volume = {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "web"}}
    assert "deprecated" in _problem(api_server.kube.try_out(volume))


def _refused(server: ControlPlane, root: Path) -> dict[str, str]:
    """What the server has to say about the objects that a repository deploys, by object; namespaces are made first."""
    objects = [(item, namespace) for item, namespace in _objects(root) if item["kind"] not in ELSEWHERE]
    assert objects
    server.kube.apply(*(item for item, _ in objects if item["kind"] == "Namespace"))
    problems = {_name(item): _problem(server.kube.try_out(item, namespace)) for item, namespace in objects}
    return {name: problem for name, problem in problems.items() if problem}


def _objects(root: Path) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Everything that is deployed, with the namespace for what names none."""
    overlays = survey.survey(root).overlays
    for name in ("argocd", "flux-system"):
        server: Mapping[str, Any] = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        yield server, ""
    for result in survey.Renderer(root, "", None).each(None):
        if result.path in FETCHED and "is not in Helm's cache" in result.error:
            continue
        assert not result.error, f"{result.path}: {result.error}"
        yield from ((item, _namespace(overlays[result.path])) for item in _documents(result.text))
    for overlay in overlays.values():
        plain = overlay.reads if overlay.how is How.PLAIN else ()
        yield from ((item, "argocd") for path in plain for item in _documents((root / path).read_text()))


def _documents(text: str) -> Iterator[Mapping[str, Any]]:
    yield from (item for item in yaml.load_all(text, yaml.CSafeLoader) if item)


def _namespace(overlay: Overlay) -> str:
    return overlay.release.namespace if overlay.release else "default"


def _name(item: Mapping[str, Any]) -> str:
    return f"{item['kind']} {item['metadata'].get('namespace', '')}/{item['metadata']['name']}"


def _problem(answer: Answer) -> str:
    return "; ".join(answer.warnings) if answer.ok else answer.message
