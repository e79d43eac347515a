"""A sync option stands where Argo CD does not read it.

Some options are for a whole Application and are read from `spec.syncPolicy.syncOptions` only; `Force` is read from the
annotation of an object only. In the other place they are ignored (Argo CD 3.5).

Fails:

    # service.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: payments
      annotations:
        argocd.argoproj.io/sync-options: CreateNamespace=true
    spec:
      selector:
        app: payments
      ports:
        - port: 80

Passes:

    # service.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: payments
      annotations:
        argocd.argoproj.io/sync-options: Prune=false
    spec:
      selector:
        app: payments
      ports:
        - port: 80
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import written
from scaffold.expand import sync_options
from scaffold.expand.sync_options import Where
from scaffold.model import Finding, Place, Repository, Severity, sequence

ID = "misplaced-sync-option"
SEVERITY = Severity.ERROR
SCOPE = "file"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every option that is read in the other place only."""
    for item in written.applications(repository):
        for index, option in enumerate(sequence(item.get("spec", "syncPolicy", "syncOptions"))):
            place = item.at("spec", "syncPolicy", "syncOptions", index)
            yield from _misplaced(item.what, str(option), Where.APPLICATION, place)
    for manifest in written.manifests(repository):
        text = manifest.get("metadata", "annotations", sync_options.ANNOTATION)
        for option in sync_options.of_annotation(text) if isinstance(text, str) else ():
            place = manifest.place("metadata", "annotations", sync_options.ANNOTATION)
            yield from _misplaced(f"{manifest.kind} {manifest.name!r}", option, Where.OBJECT, place)


def _misplaced(what: str, option: str, where: Where, place: Place) -> Iterator[Finding]:
    if other := sync_options.elsewhere(option, where):
        message = f"{what}, sync option {option!r} is ignored here; move it to {other}"
        yield Finding(place, ID, message, subject=f"{what}/{option}")
