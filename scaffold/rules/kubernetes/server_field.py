"""An object carries a field that only the API server may set.

It was exported from a cluster. With `resourceVersion` or `uid` every later apply is refused as a conflict with another
version of the object, and with `managedFields` a server-side apply is refused. A backup or a snapshot, all of whose
objects have such fields and which is called so, or stands in a directory that is, is not applied unless a kustomization
lists it or an engine builds its directory; nothing is said of it, by this rule or by others, but that secrets stand in
it.

Fails:

    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      resourceVersion: "48213"
    data:
      MODE: quiet

Passes:

    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data:
      MODE: quiet
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity

ID = "server-field"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_FIELDS = ("managedFields", "resourceVersion", "uid")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such field of a rendered object."""
    for _, manifest in repository.rendered():
        for field in _FIELDS:
            if manifest.metadata.get(field):
                fact = f"{manifest.kind} {manifest.name!r}, field 'metadata.{field}' is the API server's to set"
                yield Finding(manifest.place("metadata", field, at_key=True), ID, f"{fact}; remove it")
