"""A values file of an Application's chart is not in the repository.

Helm stops at a file that is not there, and nothing is deployed. Files of other repositories are not looked at, nor
those that `ignoreMissingValueFiles` allows to be missing, unless the one that is meant stands beside them.

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
              - $values/payments/prod.yaml
        - repoURL: https://git.example.com/checkout/deploy.git
          targetRevision: main
          ref: values
      destination:
        name: in-cluster
        namespace: payments
    # payments/production.yaml
    replicas: 3
    # more.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: settings
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        targetRevision: main
        path: settings
      destination:
        name: in-cluster
        namespace: payments
    # settings/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

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
              - $values/payments/production.yaml
        - repoURL: https://git.example.com/checkout/deploy.git
          targetRevision: main
          ref: values
      destination:
        name: in-cluster
        namespace: payments
    # payments/production.yaml
    replicas: 3
    # more.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: settings
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        targetRevision: main
        path: settings
      destination:
        name: in-cluster
        namespace: payments
    # settings/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from scaffold.model import Application, Finding, Pointer, Repository, Severity, Source, mapping, sequence
from scaffold.nearest import near, slipped

ID = "missing-values-file"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_PATTERN = frozenset("*?[{$")
_UNFILLED = re.compile(r"(?:\A|/)[-_.]|[-_.]\.ya?ml\Z")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every file that is not there; a generator's applications share one place."""
    seen = set()
    for application in repository.foreseen:
        files = list(_files(application))
        named = {path for _, _, path, _ in files}
        for pointer, source, path, optional in files:
            if not application.tells(path) or (optional and not _slip(path, repository.paths - named)):
                continue
            if path.startswith(f"{source.path}/") and source.path not in repository.directories:
                continue  # the path is wrong, which another rule tells
            place = source.place._replace(pointer=(*source.place.pointer, *pointer))
            if path in repository.paths or (place, path) in seen or _is_unfilled(repository, application, path):
                continue
            seen.add((place, path))
            beside = [name for name in repository.paths if posixpath.dirname(name) == posixpath.dirname(path)]
            names = [posixpath.basename(name) for name in beside]
            alike = near(posixpath.basename(path), names)
            guess = _slip(path, beside) if optional else posixpath.join(posixpath.dirname(path), alike) if alike else ""
            remedy = f"did you mean {guess!r}?" if guess else "add the file, or mend the path"
            fact = f"application {application.name!r} reads values from {path!r}, which is not there"
            message = f"{fact}, and is left out without a word; {remedy}" if optional else f"{fact}; {remedy}"
            severity = Severity.WARNING if optional else SEVERITY
            yield Finding(place, ID, message, severity, subject=f"{application.name}/{path}")


def _is_unfilled(repository: Repository, application: Application, path: str) -> bool:
    """Tell whether a name lacks a part that whoever installs the chart gives, as `values-.yaml` does."""
    overlay = repository.overlays.get(application.place.overlay)
    begun = overlay is not None and overlay.release is not None and overlay.path not in repository.once(_deployed)
    return bool(_UNFILLED.search(path)) and (begun or bool(overlay and overlay.release and overlay.release.open))


def _deployed(repository: Repository) -> frozenset[str]:
    return frozenset(source.path for application in repository.applications for source in application.sources)


def _slip(path: str, known: Iterable[str]) -> str:
    """The file beside one that may be missing that is called the same but for a slip, a dash or the ending."""
    directory, name = posixpath.split(path)
    beside = [posixpath.basename(other) for other in known if posixpath.dirname(other) == directory]
    same = (other for other in beside if _plain(other) == _plain(name))
    guess = next(same, "") or slipped(name, beside)
    return posixpath.join(directory, guess) if guess else ""


def _plain(name: str) -> str:
    return posixpath.splitext(name)[0].replace("_", "-").lower()


def _files(application: Application) -> Iterator[tuple[Pointer, Source, str, bool]]:
    """The values files of this repository, by their paths from the root, and whether each may be missing."""
    named = {f"${source.ref}": source for source in application.sources if source.ref}
    for source in application.sources:
        options = mapping(source.options.get("helm"))
        for index, text in enumerate(sequence(options.get("valueFiles"))):
            path = _path(source, text, named) if isinstance(text, str) else ""
            if path:
                yield ("helm", "valueFiles", index), source, path, bool(options.get("ignoreMissingValueFiles"))


def _path(source: Source, text: str, named: dict[str, Source]) -> str:
    """The path from the root, empty for what is not in this repository or not known."""
    name, slash, rest = text.partition("/")
    if name in named:
        other = named[name]
        whole = posixpath.normpath(posixpath.join(other.home, rest))
        return whole if slash and other.here and _PATTERN.isdisjoint(rest) else ""
    if "://" in text or not source.here or not _PATTERN.isdisjoint(text):
        return ""
    start, rest = (source.home, text.lstrip("/")) if text.startswith("/") else (source.path, text)
    return posixpath.normpath(posixpath.join(start, rest))
