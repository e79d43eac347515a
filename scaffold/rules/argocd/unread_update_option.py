"""An annotation for Argo CD's image updater is about an image that is not listed, or asks for what it does not know.

Options of one image begin with the alias that `image-list` gives it; under another name nobody reads them. An unknown
strategy is taken for `semver` (argocd-image-updater 1.0). Tags that are allowed are `any`, or `regexp:` and an
expression; anything else, here or in an ImageUpdater, allows none. Changes are written by `argocd` or `git`, the latter
with `repocreds` or a `secret:` behind a colon; otherwise none are. Those that are written to Git are pushed to the
revision that the Application is taken from, unless `git-branch` names a branch; a tag or a commit is none.

Fails:

    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
      annotations:
        argocd-image-updater.argoproj.io/image-list: web=registry.example.com/shop/web
        argocd-image-updater.argoproj.io/wbe.update-strategy: newest-build
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true

Passes:

    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
      annotations:
        argocd-image-updater.argoproj.io/image-list: web=registry.example.com/shop/web
        argocd-image-updater.argoproj.io/web.update-strategy: newest-build
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.assemble import written
from scaffold.expand import UnverifiableError, regexes
from scaffold.model import (
    Finding,
    Manifest,
    Pointer,
    Repository,
    Severity,
    is_templated,
    is_variable,
    mapping,
    sequence,
)
from scaffold.model.values import text
from scaffold.nearest import hint

ID = "unread-update-option"
SEVERITY = Severity.WARNING
SCOPE = "file"
_PREFIX = "argocd-image-updater.argoproj.io/"
_LIST = f"{_PREFIX}image-list"
_METHOD, _BRANCH = f"{_PREFIX}write-back-method", f"{_PREFIX}git-branch"
_UPDATER = "argocd-image-updater.argoproj.io/ImageUpdater"
_FIXED = re.compile(r"v?\d+\.\d+\.\d+|[0-9a-f]{40}")  # a tag, a commit
_STRATEGIES = ("alphabetical", "digest", "latest", "name", "newest-build", "semver")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every option of an alias that is none, and every value that is none."""
    for item in written.applications(repository):
        held = mapping(item.get("metadata", "annotations"))
        listed = held.get(_LIST)
        if not isinstance(listed, str) or is_templated(listed):
            continue
        aliases = {entry.partition("=")[0].strip() for entry in listed.split(",") if "=" in entry}
        for key, value in held.items():
            alias, dot, option = str(key).removeprefix(_PREFIX).partition(".")
            if not str(key).startswith(_PREFIX) or is_templated(key):
                continue
            if dot and alias not in aliases and aliases:
                fact = f"{item.what} sets {option!r} of image {alias!r}, which {_LIST!r} does not list"
                place = item.at("metadata", "annotations", key, at_key=True)
                yield Finding(place, ID, f"{fact}; {hint(alias, aliases)}", SEVERITY, subject=f"{item.what}/{key}")
            flaw = _flaw(option or alias, value) if not is_templated(value) and not is_variable(value) else ""
            if flaw:
                place = item.at("metadata", "annotations", key)
                yield Finding(place, ID, f"{item.what} {flaw}", SEVERITY, subject=f"{item.what}/{value}")
        yield from _pushed(item, held)
    for updater in written.manifests(repository, _UPDATER):
        yield from _of_updater(updater)


def _flaw(option: str, value: object) -> str:
    """What is wrong with the value of an option, and what it should be; empty where nothing is."""
    if option == "update-strategy" and value not in _STRATEGIES:
        return f"updates by strategy {value!r}, which is unknown; {hint(str(value), _STRATEGIES)}"
    if option == "allow-tags":
        return _of_tags(value)
    return _of_method(text(value)) if f"{_PREFIX}{option}" == _METHOD else ""


def _of_tags(value: object) -> str:
    function, colon, pattern = text(value).partition(":")
    if not text(value) or (not colon and function.lower() == "any"):
        return ""
    if not colon or function.lower() != "regexp":
        fact = f"allows tags by '{value}', which is neither 'any' nor 'regexp:' with an expression, and gets none"
        return f"{fact}; begin it with 'regexp:'"
    try:
        regexes.compile_go(pattern)
    except regexes.MalformedError:
        return f"allows tags by '{pattern}', which is no regular expression of Go, and gets none; mend it"
    except UnverifiableError:
        pass
    return ""


def _of_method(method: str) -> str:
    name, colon, credentials = method.strip().partition(":")
    if name.strip() not in ("argocd", "git"):
        return f"writes by method {method!r}, which is unknown, and writes nothing; {hint(name, ('argocd', 'git'))}"
    if colon and name == "git" and credentials != "repocreds" and not credentials.startswith("secret:"):
        fact = f"writes with credentials {credentials!r}, which are unknown, and writes nothing"
        return f"{fact}; write 'repocreds', or 'secret:' and the name of one"
    return ""


def _of_updater(updater: Manifest) -> Iterator[Finding]:
    """The tags that an ImageUpdater allows, for all, for some applications, for an image."""
    pointers: list[Pointer] = [("spec",)]
    for number, entry in enumerate(map(mapping, sequence(updater.get("spec", "applicationRefs")))):
        pointers.append(("spec", "applicationRefs", number))
        images = range(len(sequence(entry.get("images"))))
        pointers += [("spec", "applicationRefs", number, "images", index) for index in images]
    for pointer in pointers:
        place = (*pointer, "commonUpdateSettings", "allowTags")
        value = updater.get(*place)
        flaw = _of_tags(value) if not is_variable(value) else ""
        if flaw:
            message = f"ImageUpdater {updater.name!r} {flaw}"
            yield Finding(updater.place(*place), ID, message, SEVERITY, subject=f"{updater.name}/{value}")


def _pushed(item: written.Written, held: Mapping[str, Any]) -> Iterator[Finding]:
    """Changes that are pushed to where the application is taken from, which is a tag or a commit."""
    revision, method = text(item.get("spec", "source", "targetRevision")), text(held.get(_METHOD))
    if method.partition(":")[0] != "git" or _BRANCH in held or item.get("spec", "source", "chart"):
        return
    if _FIXED.fullmatch(revision):
        fact = f"{item.what} has its changes pushed to {revision!r}, from which it is taken and which is no branch"
        place = item.at("metadata", "annotations", _METHOD)
        yield Finding(place, ID, f"{fact}; name a branch by {_BRANCH!r}", SEVERITY, subject=f"{item.what}/{revision}")
