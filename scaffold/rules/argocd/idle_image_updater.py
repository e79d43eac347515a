"""An ImageUpdater is for Applications that are called otherwise, or has settings that are not read.

It updates those of its namespace whose names its pattern matches, and says nothing where there is none; told is a
pattern that is nearly one of a name. With `useAnnotations` everything is read from annotations of the Applications, and
`images`, `writeBackConfig` and `commonUpdateSettings` beside it are ignored (Argo CD Image Updater 1.x).

Fails:

    # updater.yaml
    apiVersion: argocd-image-updater.argoproj.io/v1alpha1
    kind: ImageUpdater
    metadata:
      name: web
      namespace: argocd
    spec:
      applicationRefs:
        - namePattern: order-*
          useAnnotations: true
    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: orders-east
      namespace: argocd
      annotations:
        argocd-image-updater.argoproj.io/image-list: web=registry.example.com/web
    spec:
      project: default
      source:
        repoURL: https://charts.example.com
        chart: web
        targetRevision: 1.2.3
      destination:
        name: in-cluster
        namespace: kube-system

Passes:

    # updater.yaml
    apiVersion: argocd-image-updater.argoproj.io/v1alpha1
    kind: ImageUpdater
    metadata:
      name: web
      namespace: argocd
    spec:
      applicationRefs:
        - namePattern: orders-*
          useAnnotations: true
    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: orders-east
      namespace: argocd
      annotations:
        argocd-image-updater.argoproj.io/image-list: web=registry.example.com/web
    spec:
      project: default
      source:
        repoURL: https://charts.example.com
        chart: web
        targetRevision: 1.2.3
      destination:
        name: in-cluster
        namespace: kube-system
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import patched
from scaffold.expand import paths
from scaffold.model import Finding, Manifest, Repository, Severity, dig, mapping, sequence
from scaffold.model.values import text
from scaffold.nearest import slipped

ID = "idle-image-updater"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_KIND = "argocd-image-updater.argoproj.io/ImageUpdater"
_REFS = ("spec", "applicationRefs")
_UNREAD = ("commonUpdateSettings", "images", "writeBackConfig")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every pattern without an Application, and every setting beside `useAnnotations`."""
    for updater in repository.manifests(_KIND):
        if patched.is_changed(repository, updater):
            continue  # what becomes of it is not known
        namespace = text(dig(updater.data, "spec", "namespace")) or updater.namespace
        own = (item for item in repository.foreseen if not namespace or item.namespace in ("", namespace))
        names = sorted({item.name for item in own})
        for index, entry in enumerate(map(mapping, sequence(updater.get(*_REFS)))):
            pattern = text(entry.get("namePattern"))
            if (
                pattern
                and not any(paths.matches(pattern, name) for name in names)
                and (guess := _meant(pattern, names))
            ):
                fact = f"ImageUpdater {updater.name!r} updates nothing, since no application is called {pattern!r}"
                place = updater.place(*_REFS, index, "namePattern")
                yield Finding(
                    place, ID, f"{fact}; did you mean {guess!r}?", SEVERITY, subject=f"{updater.name}/{pattern}"
                )
            if entry.get("useAnnotations") is True:
                yield from (_unread(updater, index, field) for field in _UNREAD if entry.get(field))


def _meant(pattern: str, names: list[str]) -> str:
    """The name, or the pattern of the beginning of names, that a letter or two tell from this one."""
    stem, star, rest = pattern.partition("*")
    if not star:
        return slipped(pattern, names)
    heads = {name[: name.rfind("-")] for name in names if "-" in name} if not rest and stem.endswith("-") else set()
    guess = slipped(stem.removesuffix("-"), heads)
    return f"{guess}-*" if guess else ""


def _unread(updater: Manifest, index: int, field: str) -> Finding:
    fact = f"ImageUpdater {updater.name!r} has {field} beside useAnnotations, which makes it ignored"
    message = f"{fact}; write it as annotations of the applications, or take out useAnnotations"
    place = updater.place(*_REFS, index, field, at_key=True)
    return Finding(place, ID, message, SEVERITY, subject=f"{updater.name}/{index}/{field}")
