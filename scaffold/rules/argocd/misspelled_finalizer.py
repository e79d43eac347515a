"""A finalizer looks like one of Argo CD's, and is none.

Argo CD acts on its own finalizers only. With another one the Application's objects stay when it is deleted, and since
nobody ever removes the finalizer, the Application itself stays in deletion for ever.

Fails:

    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
      finalizers:
        - resource-finalizer.argocd.argoproj.io
    spec:
      project: default
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        path: payments
      destination:
        name: in-cluster
        namespace: payments

Passes:

    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
      finalizers:
        - resources-finalizer.argocd.argoproj.io
    spec:
      project: default
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        path: payments
      destination:
        name: in-cluster
        namespace: payments
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.assemble import written
from scaffold.model import Finding, Remedy, Repository, Severity, sequence
from scaffold.nearest import misspelled, near

ID = "misspelled-finalizer"
SEVERITY = Severity.ERROR
SCOPE = "file"
_DOMAIN = ".argocd.argoproj.io"
_RESOURCES = f"resources-finalizer{_DOMAIN}"
_KNOWN = (_RESOURCES, f"{_RESOURCES}/foreground", f"{_RESOURCES}/background")
_STAGED = re.compile(rf"(pre|post)-delete-finalizer{re.escape(_DOMAIN)}(/\w+)?\Z")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every finalizer that is nearly one of Argo CD's."""
    for item in written.applications(repository):
        for index, name in enumerate(sequence(item.get("metadata", "finalizers"))):
            if not isinstance(name, str) or name in _KNOWN or _STAGED.match(name) or "{{" in name:
                continue
            guess = near(name, _KNOWN)
            if guess or "argocd" in name:
                remedy = f"did you mean {guess or _RESOURCES!r}?"
                message = f"{item.what}, finalizer {name!r} is none of Argo CD's, and nobody removes it; {remedy}"
                place, right = (
                    item.at("metadata", "finalizers", index),
                    Remedy(name, guess) if misspelled(name, _KNOWN) else None,
                )
                yield Finding(place, ID, message, subject=f"{item.what}/{name}", remedy=right)
