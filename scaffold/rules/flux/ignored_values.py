"""A HelmRelease's values are no mapping, so that none of them counts.

Any value is accepted there, and helm-controller takes a text, or a list, for no values at all: the chart is installed
by its own defaults. A text is what `values: |` makes (Flux 2.9).

Fails:

    # web.yaml
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: web
      namespace: web
    spec:
      interval: 1h
      chartRef:
        kind: OCIRepository
        name: web
      values: |
        replicaCount: 2

Passes:

    # web.yaml
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: web
      namespace: web
    spec:
      interval: 1h
      chartRef:
        kind: OCIRepository
        name: web
      values:
        replicaCount: 2
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scaffold.assemble import written
from scaffold.model import Finding, Repository, Severity

ID = "ignored-values"
SEVERITY = Severity.ERROR
SCOPE = "file"
_RELEASE = "helm.toolkit.fluxcd.io/HelmRelease"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield the values of every HelmRelease that are something else."""
    for manifest in written.manifests(repository, _RELEASE):
        values = manifest.get("spec", "values")
        if values is not None and not isinstance(values, Mapping):
            is_text = isinstance(values, str)
            found, remedy = ("a text", "remove the '|'") if is_text else ("no mapping", "make them a mapping")
            message = f"HelmRelease {manifest.name!r}, its values are {found} and count for nothing; {remedy}"
            yield Finding(manifest.place("spec", "values", at_key=True), ID, message, subject=manifest.name)
