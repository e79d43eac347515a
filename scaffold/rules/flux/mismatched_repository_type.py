"""The address of a HelmRepository is not of its type, or that of an OCIRepository holds a tag.

An address that begins with `oci://` needs `type: oci`, and that type needs such an address: of any other scheme
source-controller has nobody to ask. The tag of an OCIRepository stands in `ref`: an address with one is refused
(source-controller 1.9).

Fails:

    # charts.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: HelmRepository
    metadata:
      name: charts
      namespace: flux-system
    spec:
      interval: 1h
      url: oci://registry.example.com/charts

Passes:

    # charts.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: HelmRepository
    metadata:
      name: charts
      namespace: flux-system
    spec:
      interval: 1h
      type: oci
      url: oci://registry.example.com/charts
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.assemble import written
from scaffold.model import Finding, Repository, Severity, is_variable, mapping

ID = "mismatched-repository-type"
SEVERITY = Severity.ERROR
SCOPE = "file"
_OCI = "oci://"
_TAGGED = re.compile(r"oci://[^/\s]+/[^:@\s]+(:[\w.-]+)\Z")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every HelmRepository of one type with an address of the other, of which a patch may hold one, and tags."""
    yield from _tagged(repository)
    for manifest in written.manifests(repository, "source.toolkit.fluxcd.io/HelmRepository"):
        spec = mapping(manifest.get("spec"))
        url, kind = str(spec.get("url") or ""), spec.get("type", "default")
        if not url or not spec.get("interval") or is_variable(url) or is_variable(kind):
            continue
        if url.startswith(_OCI) != (kind == "oci"):
            fact = f"HelmRepository {manifest.name!r} has url {url!r} and type {kind!r}, so it is not fetched"
            remedy = "write `type: oci`" if url.startswith(_OCI) else f"begin the url with {_OCI!r}, or remove the type"
            yield Finding(manifest.place("spec", "url"), ID, f"{fact}; {remedy}", subject=manifest.name)


def _tagged(repository: Repository) -> Iterator[Finding]:
    for manifest in written.manifests(repository, "source.toolkit.fluxcd.io/OCIRepository"):
        url = manifest.get("spec", "url")
        found = _TAGGED.match(url) if isinstance(url, str) and not is_variable(url) else None
        if found:
            fact = (
                f"OCIRepository {manifest.name!r} has url {url!r} with the tag {found[1][1:]!r}, so it is not fetched"
            )
            message = f"{fact}; remove {found[1]!r}, and name the tag in ref"
            yield Finding(manifest.place("spec", "url"), ID, message, subject=manifest.name)
