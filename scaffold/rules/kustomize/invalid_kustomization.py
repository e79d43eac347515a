"""A kustomization has a field that Kustomize does not know, or one of the wrong type.

Kustomize 5.8 refuses the file, and every overlay above it fails. Upper and lower case are the same to it. An empty one
is passed over where nothing names its directory but an Application that is commented out.

Fails:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    namespce: web

Passes:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    namespace: web
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold import schemas
from scaffold.discover import KUSTOMIZATION_NAMES
from scaffold.model import Finding, Place, Repository, Severity

ID = "invalid-kustomization"
SEVERITY = Severity.ERROR
SCOPE = "file"
_DEFAULTS = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every flaw of every kustomization."""
    for path, file in repository.files.items():
        if path.rpartition("/")[2] not in KUSTOMIZATION_NAMES or file.problem:
            continue
        if not file.documents or not isinstance(file.documents[0], Mapping):
            fact = "no mapping" if any(file.documents or ()) else "empty"
            message = f"the kustomization is {fact}; list resources in it, or remove the file"
            yield Finding(Place(path), ID, message, subject="empty")
            continue
        for flaw in flaws(file.documents[0]):
            place = Place(path, 0, flaw.pointer, flaw.at_key)
            yield Finding(place, ID, f"the kustomization cannot be read, {flaw.message}")


def flaws(data: Any) -> list[schemas.Flaw]:
    """What kustomize refuses in the document of a kustomization file; apiVersion and kind may be left out."""
    return schemas.check({**_DEFAULTS, **data}, "") or [] if isinstance(data, Mapping) else []
