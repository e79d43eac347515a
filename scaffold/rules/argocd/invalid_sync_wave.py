"""A sync wave is no whole number.

Argo CD falls back to wave 0 without a word, and the order that was meant is lost. A number has to be quoted, since an
annotation is a text, and has no blanks or decimals.

Fails:

    # service.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: payments
      annotations:
        argocd.argoproj.io/sync-wave: "first"
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
        argocd.argoproj.io/sync-wave: "-1"
    spec:
      selector:
        app: payments
      ports:
        - port: 80
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.assemble import written
from scaffold.model import Finding, Repository, Severity

ID = "invalid-sync-wave"
SEVERITY = Severity.ERROR
SCOPE = "file"
_ANNOTATION = "argocd.argoproj.io/sync-wave"
_NUMBER = re.compile(r"[-+]?[0-9]+\Z")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every wave that Go cannot read as an integer; what is no text at all is for the schema to say."""
    for manifest in written.manifests(repository):
        wave = manifest.get("metadata", "annotations", _ANNOTATION)
        if isinstance(wave, str) and not _NUMBER.match(wave) and "{{" not in wave:
            fact = f"{manifest.kind} {manifest.name!r}, sync wave {wave!r} is no whole number, so wave 0 counts"
            place = manifest.place("metadata", "annotations", _ANNOTATION)
            yield Finding(place, ID, f"{fact}; write a number in quotes", subject=f"{manifest.kind}/{manifest.name}")
