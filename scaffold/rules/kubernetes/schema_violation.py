"""An object does not fit the schema of its kind.

The API server of the environment's Kubernetes version refuses it, or drops the field: a misspelled field, a wrong
type, a required field that is missing. Overlays are judged as they render, so a patch may be as partial as it likes.
Custom resources are judged by the schemas of Argo CD, External Secrets, the Prometheus operator and others that this
program carries, and by the CustomResourceDefinitions of the repository itself.

Fails:

    # service.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      ports:
        - port: "80"

Passes:

    # service.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      ports:
        - port: 80
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold import schemas
from scaffold.model import Finding, Repository, Severity

ID = "schema-violation"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_GUESS = re.compile(r"did you mean '([^']+)'\?\Z")
_MISSING = re.compile(r"required field '([^']+)' is missing")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every flaw of every rendered object whose kind is known."""
    for overlay, manifest in repository.rendered():
        if not manifest.api_version:
            fact = f"{manifest.kind} {manifest.name!r}, required field 'apiVersion' is missing; add it"
            yield Finding(manifest.place("kind", at_key=True), ID, fact)
        flaws = schemas.check(manifest.data, overlay.kubernetes_version, repository.own_schemas) or []
        meant = {(*flaw.pointer[:-1], guess[1]) for flaw in flaws if (guess := _GUESS.search(flaw.message))}
        for flaw in flaws:
            missing = _MISSING.search(flaw.message)
            if missing and (*flaw.pointer, missing[1]) in meant:
                continue  # it is there, but misspelled
            name = f"{manifest.kind} {manifest.name!r}"
            yield Finding(manifest.place(*flaw.pointer, at_key=flaw.at_key), ID, f"{name}, {flaw.message}")
