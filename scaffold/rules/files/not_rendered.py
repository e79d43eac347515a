"""Something could not be rendered or checked here, and `--require-rendered` asks for everything to be.

A chart that is not in Helm's cache, Helm itself, a remote base, a file that cannot be read: whatever the summary
lists as skipped. Without the option it is listed there and is no finding.

Fails:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - https://git.example.com/platform/base.git

Passes:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from scaffold.model import Finding, Place, Repository, Severity

ID = "not-rendered"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield everything that was skipped, where that matters."""
    for item in repository.missed:
        message = f"{item.path!r} was not checked, {item.reason}"
        yield Finding(Place(_file(repository, item.path)), ID, message, subject=f"{item.path}/{item.reason}")


def _file(repository: Repository, path: str) -> str:
    directory = "" if path == "." else path
    overlay = repository.overlays.get(directory)
    chart = posixpath.join(directory, "Chart.yaml")
    if chart in repository.files:
        return chart
    return overlay.reads[0] if overlay and overlay.reads else path
