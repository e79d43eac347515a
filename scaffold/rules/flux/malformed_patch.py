"""A patch of a HelmRelease, a Kustomization or a FluxInstance is one that kustomize does not take as it is meant.

An operation of a JSON patch is one of `add`, `copy`, `move`, `remove`, `replace` and `test`: with another word nothing
is applied. A path begins with `/`; without it, the first part is left out, and another field is set than the one meant.
No build shows that where the objects that are patched come from a chart or from another source.

Fails:

    # release.yaml
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: web
      namespace: web
    spec:
      interval: 10m
      chartRef:
        kind: OCIRepository
        name: web
      postRenderers:
        - kustomize:
            patches:
              - target:
                  kind: Deployment
                patch: |
                  - op: ad
                    path: /spec/replicas
                    value: 2

Passes:

    # release.yaml
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: web
      namespace: web
    spec:
      interval: 10m
      chartRef:
        kind: OCIRepository
        name: web
      postRenderers:
        - kustomize:
            patches:
              - target:
                  kind: Deployment
                patch: |
                  - op: add
                    path: /spec/replicas
                    value: 2
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scaffold import parse
from scaffold.model import Finding, Manifest, Pointer, Repository, Severity, dig, is_variable, sequence
from scaffold.nearest import hint

ID = "malformed-patch"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_KINDS = (
    "fluxcd.controlplane.io/FluxInstance",
    "helm.toolkit.fluxcd.io/HelmRelease",
    "kustomize.toolkit.fluxcd.io/Kustomization",
)
_OPERATIONS = ("add", "copy", "move", "remove", "replace", "test")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield the first operation of every patch that is not taken as it is meant."""
    for overlay in repository.overlays.values():
        for manifest in overlay.of(*_KINDS):
            for pointer, text in _patches(manifest):
                wrong = next((why for item in sequence(parse.only(text)) if (why := _wrong(item))), "")
                if wrong:
                    message = f"{manifest.kind} {manifest.name!r}, {wrong}"
                    yield Finding(manifest.place(*pointer), ID, message, subject=f"{manifest.name}/{wrong}")


def _patches(manifest: Manifest) -> Iterator[tuple[Pointer, str]]:
    """The text of every patch, and where it stands."""
    lists: list[Pointer] = [("spec", "patches"), ("spec", "kustomize", "patches")]
    for index, _ in enumerate(sequence(manifest.get("spec", "postRenderers"))):
        lists.append(("spec", "postRenderers", index, "kustomize", "patches"))
    for where in lists:
        for index, entry in enumerate(sequence(manifest.get(*where))):
            if isinstance(text := dig(entry, "patch"), str):
                yield (*where, index, "patch"), text


def _wrong(item: Any) -> str:
    operation, path = dig(item, "op"), dig(item, "path")
    if isinstance(operation, str) and operation not in _OPERATIONS and not is_variable(operation):
        return f"patch operation {operation!r} is unknown, so nothing is applied; {hint(operation, _OPERATIONS)}"
    if isinstance(path, str) and path and not path.startswith("/") and not is_variable(path):
        return f"patch path {path!r} begins without '/', so that it names another field; write '/{path}'"
    return ""
