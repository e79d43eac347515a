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

from scaffold.model import Finding, Place, Repository, Severity, Skipped

ID = "not-rendered"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield everything that was skipped, where that matters."""
    for item in repository.missed:
        message = f"{item.path!r} was not checked, {item.reason}"
        yield Finding(_place(repository, item), ID, message, subject=f"{item.path}/{item.reason}")


def _place(repository: Repository, item: Skipped) -> Place:
    """The entry that cannot be had, else the file that the build begins with, else the first one there."""
    directory = "" if item.path == "." else item.path
    chart = posixpath.join(directory, "Chart.yaml")
    if chart in repository.files:
        return Place(chart)
    built = repository.overlays.get(directory)
    built = built or next((o for o in repository.overlays.values() if o.path == directory and o.reads), None)
    reads = built.reads if built else ()
    levels = (each for each in repository.kustomizations.values() if each.manifest.path in reads)
    far = ((level, reference) for level in levels for reference in level.references if reference.remote)
    named = next((level.place(*reference.pointer) for level, reference in far if reference.text in item.reason), None)
    below = (path for path in sorted(repository.files) if path.startswith(f"{directory}/") or not directory)
    return named or Place(next(iter(reads), next(below, item.path)))
