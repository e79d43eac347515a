"""A sync option is none that Argo CD knows.

Options are compared as whole texts, and an unknown one is accepted and ignored: no namespace is created, nothing is
applied on the server, whatever it was meant to do. Both the options of an Application and those that an object carries
in the annotation `argocd.argoproj.io/sync-options` are looked at.

Fails:

    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        path: payments
      destination:
        name: in-cluster
        namespace: payments
      syncPolicy:
        syncOptions:
          - CreateNamespaces=true

Passes:

    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        path: payments
      destination:
        name: in-cluster
        namespace: payments
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import written
from scaffold.expand import sync_options
from scaffold.model import Finding, Place, Remedy, Repository, Severity, sequence
from scaffold.nearest import corrected

ID = "unknown-sync-option"
SEVERITY = Severity.ERROR
SCOPE = "file"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every option that nothing reads."""
    for item in written.applications(repository):
        for index, option in enumerate(sequence(item.get("spec", "syncPolicy", "syncOptions"))):
            if isinstance(option, str) and not (item.template and "{{" in option):
                yield from _flawed(item.what, option, item.at("spec", "syncPolicy", "syncOptions", index), option)
    for manifest in written.manifests(repository):
        text = manifest.get("metadata", "annotations", sync_options.ANNOTATION)
        for option in sync_options.of_annotation(text) if isinstance(text, str) and "{{" not in text else ():
            place = manifest.place("metadata", "annotations", sync_options.ANNOTATION)
            yield from _flawed(f"{manifest.kind} {manifest.name!r}", option, place, text)


def _flawed(what: str, option: str, place: Place, text: str) -> Iterator[Finding]:
    if flaw := sync_options.flaw(option):
        remedy = Remedy(text, corrected(text, (), _right)) if sync_options.meant(option) else None
        message = f"{what}, sync option {option!r} {flaw}"
        yield Finding(place, ID, message, subject=f"{what}/{option}", remedy=remedy)


def _right(option: str) -> str:
    return sync_options.meant(option) if sync_options.flaw(option) else option
