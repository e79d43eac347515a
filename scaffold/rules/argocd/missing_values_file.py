"""A values file of an Application's chart is not in the repository.

Helm stops at a file that is not there, and nothing is deployed. Files of other repositories are not looked at, nor
those of another revision. One that `ignoreMissingValueFiles` allows to be missing is left out without a word (Argo CD
3.5); it is told, at whatever revision, only where the one that is meant stands beside it, called so but for a slip, a
dash or its ending, or in a directory that is called so or as the same environment, as `prod` and `production` are, and
nobody reads that.

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
from collections.abc import Iterator
from typing import NamedTuple

from scaffold.assemble import ranks
from scaffold.model import Application, Confidence, Finding, Repository, Severity
from scaffold.nearest import near, slipped
from scaffold.rules import values_files
from scaffold.rules.values_files import Named

ID = "missing-values-file"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_UNFILLED = re.compile(r"(?:\A|/)[-_.]|[-_.]\.ya?ml\Z")


class _Known(NamedTuple):
    """The names in each directory, and the files of values that any application names."""

    names: dict[str, list[str]]
    read: frozenset[str]


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every file that is not there; a generator's applications share one place."""
    seen = set()
    for application in repository.foreseen:
        files = list(values_files.named(repository, application))
        read = {file.path for file in files}
        for file in files:
            missing = application.tells(file.path) and file.path not in repository.paths
            if not missing or (file.place, file.path) in seen or not _is_told(repository, application, file):
                continue
            guess = _meant(repository, file, read) if file.optional else _alike(repository, file)
            if guess or not file.optional:
                seen.add((file.place, file.path))
                yield _finding(application, file, guess)


def _is_told(repository: Repository, application: Application, file: Named) -> bool:
    """Tell whether another rule does not tell of its directory, and nothing may still fill its name in."""
    source = file.source
    wrong = file.path.startswith(f"{source.path}/") and source.path not in repository.directories
    # Helm says it of another revision, and only of what may be missing it says nothing.
    return not wrong and not (file.revision and not file.optional) and not _is_unfilled(repository, application, file)


def _finding(application: Application, file: Named, guess: str) -> Finding:
    remedy = f"did you mean {guess!r}?" if guess else "add the file, or mend the path"
    at = f" of {file.revision!r}" if file.revision else ""
    fact = f"application {application.name!r} reads values from {file.path!r}{at}, which is not there"
    message = f"{fact}, and is left out without a word; {remedy}" if file.optional else f"{fact}; {remedy}"
    severity = Severity.WARNING if file.optional else SEVERITY
    confidence = Confidence.MEDIUM if file.revision else Confidence.HIGH
    return Finding(file.place, ID, message, severity, confidence, subject=f"{application.name}/{file.path}")


def _is_unfilled(repository: Repository, application: Application, file: Named) -> bool:
    """Tell whether a name lacks a part that whoever installs the chart gives, as `values-.yaml` does."""
    overlay = repository.overlays.get(application.place.overlay)
    begun = overlay is not None and overlay.release is not None and overlay.path not in repository.once(_deployed)
    return bool(_UNFILLED.search(file.path)) and (begun or bool(overlay and overlay.release and overlay.release.open))


def _deployed(repository: Repository) -> frozenset[str]:
    return frozenset(source.path for application in repository.applications for source in application.sources)


def _known(repository: Repository) -> _Known:
    names: dict[str, list[str]] = {}
    for path in repository.paths:
        names.setdefault(posixpath.dirname(path), []).append(posixpath.basename(path))
    every = (file.path for item in repository.foreseen for file in values_files.named(repository, item))
    return _Known(names, frozenset(every))


def _alike(repository: Repository, file: Named) -> str:
    directory, name = posixpath.split(file.path)
    guess = near(name, repository.once(_known).names.get(directory, ()))
    return posixpath.join(directory, guess) if guess else ""


def _meant(repository: Repository, file: Named, read: set[str]) -> str:
    """The file that is called like one that may be missing but for a slip, a dash or the ending, or its directory is.

    One that the application reads is none; nor is one that another one reads, where less is sure.
    """
    known = repository.once(_known)
    directory, name = posixpath.split(file.path)
    beside = {posixpath.join(directory, each) for each in known.names.get(directory, ())} - read
    left = {posixpath.basename(path) for path in (beside - known.read if file.revision else beside)}
    same = (other for other in sorted(left) if _plain(other) == _plain(name))
    guess = next(same, "") or slipped(name, left)
    return posixpath.join(directory, guess) if guess else _elsewhere(repository, file.path, known)


def _elsewhere(repository: Repository, path: str, known: _Known) -> str:
    """The file that nobody reads and that stands so in a directory which is called like one that is not there."""
    parts = path.split("/")
    depth = next((n for n in range(1, len(parts)) if "/".join(parts[:n]) not in repository.directories), len(parts))
    *above, wrong = parts[:depth]
    siblings = [name for name in known.names.get("/".join(above), ()) if _is_spelled(wrong, name)]
    found = ["/".join((*above, name, *parts[depth:])) for name in siblings]
    left = [each for each in found if each in repository.paths and each not in known.read]
    return left[0] if len(left) == 1 and depth < len(parts) else ""


def _is_spelled(wrong: str, name: str) -> bool:
    """Tell whether a name is another one but for a slip, or for how an environment is written: `prod`, `production`."""
    return name in ranks.spelled([wrong]) or bool(slipped(wrong, [name])) or _plain(wrong) == _plain(name)


def _plain(name: str) -> str:
    return posixpath.splitext(name)[0].replace("_", "-").lower()
