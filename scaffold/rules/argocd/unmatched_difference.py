"""An Application ignores differences of an object that it does not deploy.

The entry does nothing: the group, the kind or the name is that of another object, and what it should leave alone is
set back. It is looked at where all objects of the Application are rendered from this repository.

Fails:

    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web
      destination:
        name: in-cluster
        namespace: web
      ignoreDifferences:
        - group: apps
          kind: Deployment
          name: webb
          jsonPointers:
            - /spec/replicas
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # web/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - deployment.yaml
    # web/deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/shop/web:1.4.2

Passes:

    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web
      destination:
        name: in-cluster
        namespace: web
      ignoreDifferences:
        - group: apps
          kind: Deployment
          name: web
          jsonPointers:
            - /spec/replicas
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # web/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - deployment.yaml
    # web/deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/shop/web:1.4.2
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from scaffold import schemas
from scaffold.assemble import deployed
from scaffold.expand import globs
from scaffold.model import (
    Application,
    Confidence,
    Finding,
    Place,
    RenderedObject,
    Repository,
    Severity,
    dig,
    mapping,
    sequence,
)
from scaffold.nearest import misspelled, slipped

ID = "unmatched-difference"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_SHARED = ("k8s.io", "x-k8s.io")  # many projects have a group of these


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every entry that fits none of the objects, where several applications share it, none of any."""
    found: dict[Place, Finding] = {}
    fitting = set()
    for application in repository.applications:
        entries = sequence(dig(application.data, "spec", "ignoreDifferences"))
        items = (entries and deployed.likely(repository, application)) or []
        for index, entry in enumerate(map(mapping, entries)):
            place = application.at("spec", "ignoreDifferences", index)
            if not items or not _is_kind(entry) or any(_fits(entry, item) for item in items):
                fitting.add(place)
            else:
                found.setdefault(place, _finding(application, index, entry, items))
    yield from (finding for place, finding in found.items() if place not in fitting)
    yield from dict(_slips(repository)).values()


def _slips(repository: Repository) -> Iterator[tuple[Place, Finding]]:
    """The entries of drafts, whose objects are not known, that a slip keeps from what the repository has."""
    known: dict[str, dict[str, set[str]]] = {}
    for item in (item for overlay in repository.overlays.values() for item in overlay.objects):
        known.setdefault(item.kind, {}).setdefault(item.identity.group, set()).add(item.name)
    for application in (draft for item in repository.sets for draft in item.drafts if _is_own(repository, draft)):
        for index, entry in enumerate(map(mapping, sequence(dig(application.data, "spec", "ignoreDifferences")))):
            group, kind, name = (str(entry.get(key) or "") for key in ("group", "kind", "name"))
            groups = known.get(kind, {})
            if group in groups:
                field, guess = "name", "" if name in groups[group] else slipped(name, groups[group])
            else:
                field, guess = (
                    "group",
                    "" if schemas.is_builtin(group) else _group_for(group, groups),
                )
            if guess and entry.get(field):
                place = application.at("spec", "ignoreDifferences", index, field)
                shown = "/".join(each for each in (group, kind, name) if each)
                fact = f"application {application.name!r} ignores differences of {shown!r}, which nothing here is"
                subject = f"{application.name}/{shown}"
                message = f"{fact}; did you mean {guess!r}?"
                yield place, Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject=subject)


def _group_for(group: str, groups: Iterable[str]) -> str:
    """The group that was meant, or the one of the same domain, as `networking.istio.io` beside `security.istio.io`."""
    if guess := misspelled(group, groups):
        return guess
    domain = ".".join(group.split(".")[-2:])
    found = [each for each in groups if "." in domain and f".{each}".endswith(f".{domain}")]
    return found[0] if len(found) == 1 and domain not in _SHARED else ""


def _is_own(repository: Repository, application: Application) -> bool:
    return any(deployed.is_own(repository, source) for source in application.sources)


def _is_kind(entry: Mapping[str, Any]) -> bool:
    """Tell whether there may be such a kind; `void-difference` says of others that there is none."""
    group, kind = str(entry.get("group") or ""), str(entry.get("kind") or "")
    return not (kind.isalnum() and schemas.is_builtin(group) and group not in schemas.groups(kind))


def _fits(entry: Mapping[str, Any], item: RenderedObject) -> bool:
    """Tell whether an entry is about an object; a namespace may come from the destination."""
    patterns = ((entry.get("group"), item.identity.group), (entry.get("kind"), item.kind))
    name = entry.get("name")
    return name in (None, "", item.name) and all(globs.matches(str(given or ""), text) for given, text in patterns)


def _finding(
    application: Application, index: int, entry: Mapping[str, Any], items: Sequence[RenderedObject]
) -> Finding:
    alike = [item for item in items if item.kind == entry.get("kind")]
    field, known = _wrong(entry, items, alike)
    shown = "/".join(str(entry.get(key)) for key in ("group", "kind", "name") if entry.get(key))
    fact = f"application {application.name!r} ignores differences of {shown!r}, and deploys no such object"
    guess = misspelled(str(entry.get(field) or ""), known)
    group = f"its group is {alike[0].identity.group!r}" if field == "group" else "mend the entry"
    place = application.at("spec", "ignoreDifferences", index, *([field] if field in entry else []))
    message = f"{fact}; did you mean {guess!r}?" if guess else f"{fact}; {group}"
    return Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject=f"{application.name}/{shown}")


def _wrong(
    entry: Mapping[str, Any], items: Sequence[RenderedObject], alike: Sequence[RenderedObject]
) -> tuple[str, set[str]]:
    """The field by which an entry fits nothing, and what may stand there."""
    if not alike:
        return "kind", {item.kind for item in items}
    names = {item.name for item in alike}
    return ("name", names) if entry.get("name") not in {None, "", *names} else ("group", set())
