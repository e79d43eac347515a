"""A values file is taken from a source that no source is called.

Where an Application has a list of sources, `$name/path` is a file of the source whose `ref` is that name. Without such
a source Argo CD renders nothing: "source referenced "$name", which is not one of the available sources" (3.5). An
Application with one source has no names: `$name` becomes empty text, and the file is looked for at the root.

Fails:

    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      sources:
        - repoURL: https://charts.example.com
          chart: payments
          targetRevision: 1.4.2
          helm:
            valueFiles:
              - $settings/payments/values.yaml
        - repoURL: https://git.example.com/checkout/deploy.git
          targetRevision: main
          ref: values
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
    spec:
      project: default
      sources:
        - repoURL: https://charts.example.com
          chart: payments
          targetRevision: 1.4.2
          helm:
            valueFiles:
              - $values/payments/values.yaml
        - repoURL: https://git.example.com/checkout/deploy.git
          targetRevision: main
          ref: values
      destination:
        name: in-cluster
        namespace: payments
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.assemble import written
from scaffold.assemble.written import Written
from scaffold.model import Finding, Pointer, Repository, Severity, dig, mapping, sequence
from scaffold.nearest import hint

ID = "undeclared-values-reference"
SEVERITY = Severity.ERROR
SCOPE = "file"
_NAME = re.compile(r"\$([^/{}]+)/")
_OF_BUILD = re.compile(r"(ARGOCD|KUBE)_")  # variables of the build, which one source may use


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every file of a source that is not named."""
    for item in written.applications(repository):
        several = mapping(item.get("spec", "sources", 0)) and not mapping(item.get("spec", "sourceHydrator"))
        if item.template and "sources" in str(item.manifest.get("spec", "templatePatch") or ""):
            continue
        known = {f"${dig(source, 'ref')}" for _, source in item.sources() if dig(source, "ref")}
        for pointer, name, text in _named(item, several=bool(several)):
            if several and name not in known:
                fact = f"{item.what} reads {text!r}, and no source has the ref {name[1:]!r}"
                yield Finding(item.at(*pointer), ID, f"{fact}; {hint(name, known)}", subject=f"{item.what}/{text}")
            elif not several and not _OF_BUILD.match(name, 1):
                fact = f"{item.what} reads {text!r}, and has one source, so {name!r} is empty"
                message = f"{fact}; list the sources under sources, the one of the file with ref {name[1:]!r}"
                yield Finding(item.at(*pointer), ID, message, subject=f"{item.what}/{text}")
        yield from _within(item, known) if several else ()


def _within(item: Written, known: set[str]) -> Iterator[Finding]:
    """A source's name that stands where Argo CD takes it for a part of the path."""
    for source, data in item.sources():
        for index, text in enumerate(sequence(dig(data, "helm", "valueFiles"))):
            name = next((part for part in str(text).split("/")[1:] if part in known), "")
            if name:
                fact = f"{item.what} reads {text!r}, where {name!r} is a directory, since it does not stand first"
                place = item.at(*source, "helm", "valueFiles", index)
                yield Finding(place, ID, f"{fact}; begin the path with {name!r}", subject=f"{item.what}/{text}")


def _named(item: Written, *, several: bool) -> Iterator[tuple[Pointer, str, str]]:
    """The pointer, the name with its dollar, and the text of every file that is said to be of a source in use."""
    for source, data in item.sources():
        if several is not (len(source) == 3):
            continue
        files = sequence(dig(data, "helm", "valueFiles"))
        yield from _each(((*source, "helm", "valueFiles", n), text) for n, text in enumerate(files))
        parameters = sequence(dig(data, "helm", "fileParameters"))
        yield from _each(
            ((*source, "helm", "fileParameters", n, "path"), dig(p, "path")) for n, p in enumerate(parameters)
        )


def _each(files: Iterator[tuple[Pointer, object]]) -> Iterator[tuple[Pointer, str, str]]:
    for pointer, text in files:
        found = _NAME.match(text) if isinstance(text, str) else None
        if found:
            yield pointer, f"${found[1]}", found.string
