"""An entry of `ignoreDifferences` ignores nothing.

Argo CD compares the group without its version, and an absent group is the core one, so a Deployment needs `apps`. A
JSON pointer begins with a slash, a slash within a key is written `~1`, and an entry without any field says nothing. The
application stays out of sync, and self-healing keeps changing the field back (3.5). An ApplicationSet whose template
has one source has no `/spec/sources` to ignore, and one with several no `/spec/source`.

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
        repoURL: https://charts.example.com
        chart: payments
        targetRevision: 1.4.2
      destination:
        name: in-cluster
        namespace: payments
      ignoreDifferences:
        - group: apps/v1
          kind: Deployment
          jsonPointers:
            - /spec/replicas

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
        repoURL: https://charts.example.com
        chart: payments
        targetRevision: 1.4.2
      destination:
        name: in-cluster
        namespace: payments
      ignoreDifferences:
        - group: apps
          kind: Deployment
          jsonPointers:
            - /spec/replicas
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold import schemas
from scaffold.assemble import written
from scaffold.model import Finding, Pointer, Repository, Severity, mapping, sequence
from scaffold.nearest import slipped
from scaffold.rules.brackets import closed

ID = "void-difference"
SEVERITY = Severity.ERROR
SCOPE = "file"
_FIELDS = ("jsonPointers", "jqPathExpressions", "managedFieldsManagers")
_OF_SETS = "ignoreApplicationDifferences"
# A key of what holds texts alone, and something behind it.
_OF_TEXTS = re.compile(r"((?:/.*)?/metadata/(?:annotations|labels)/|/spec/selector/matchLabels/)([^/]*[.][^/]*/[^/]+)")
_ONE, _SEVERAL = re.compile(r"/spec/source(?=/|$)"), re.compile(r"/spec/sources/\d+(?=/|$)")
# What an admission plugin of the API server reads, which is called otherwise.
_RESOURCES = {
    f"{sort}AdmissionWebhook{end}": f"{sort}WebhookConfiguration"
    for sort in ("Mutating", "Validating")
    for end in ("", "Configuration")
}
_PATTERN = frozenset("*?[{\\")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every flaw of every entry."""
    for item in written.applications(repository):
        for index, entry in enumerate(map(mapping, sequence(item.get("spec", "ignoreDifferences")))):
            for pointer, fact, remedy in _flaws(entry):
                kind = entry.get("kind")
                message = f"{item.what} ignores no difference of kind {kind!r}, {fact}; {remedy}"
                place = item.at("spec", "ignoreDifferences", index, *pointer)
                yield Finding(place, ID, message, subject=f"{item.what}/{kind}/{fact}")
        for index, entry in enumerate(sequence(item.manifest.get("spec", _OF_SETS)) if item.template else ()):
            for pointer, fact, remedy in (*_paths(mapping(entry)), *_sources(item, mapping(entry))):
                message = f"{item.what} ignores no difference of its applications, {fact}; {remedy}"
                place = item.manifest.place("spec", _OF_SETS, index, *pointer)
                yield Finding(place, ID, message, subject=f"{item.what}/{fact}")


def _flaws(entry: Mapping[str, Any]) -> Iterator[tuple[Pointer, str, str]]:
    group, kind = str(entry.get("group") or ""), str(entry.get("kind") or "")
    if _PATTERN.isdisjoint(group + kind):
        yield from _unknown(group, kind)
    if not any(sequence(entry.get(field)) for field in _FIELDS):
        yield (), "it names no field", "add jsonPointers or jqPathExpressions"
    yield from _paths(entry)


def _paths(entry: Mapping[str, Any]) -> Iterator[tuple[Pointer, str, str]]:
    """A pointer that does not begin at the root, and an expression of jq whose brackets are not closed."""
    for index, text in enumerate(sequence(entry.get("jsonPointers"))):
        if isinstance(text, str) and not text.startswith("/") and "{{" not in text:
            yield ("jsonPointers", index), f"{text!r} is no JSON pointer", f"write {'/' + text.replace('.', '/')!r}"
        if isinstance(text, str) and (found := _OF_TEXTS.fullmatch(text)) and "{{" not in text:
            fact, key = f"{text!r} has a slash in a key, which divides it", found[2].replace("/", "~1")
            yield ("jsonPointers", index), fact, f"write {found[1] + key!r}"
    for index, text in enumerate(sequence(entry.get("jqPathExpressions"))):
        if isinstance(text, str) and not closed(text) and "{{" not in text:
            yield ("jqPathExpressions", index), f"{text!r} is no jq expression", "close its brackets and quotes"


def _sources(item: written.Written, entry: Mapping[str, Any]) -> Iterator[tuple[Pointer, str, str]]:
    """A pointer to the source of a template that has several, or to one of several where there is one."""
    one, several = (bool(item.get("spec", field)) for field in ("source", "sources"))
    entries = sequence(item.manifest.get("spec", "generators"))
    generators = [mapping(kind) for each in entries for kind in mapping(each).values()]
    changed = item.manifest.get("spec", "templatePatch") is not None or any(kind.get("template") for kind in generators)
    if one == several or changed:
        return
    wrong, right, had = (_SEVERAL, _ONE, "one source") if one else (_ONE, _SEVERAL, "several sources")
    for index, text in enumerate(sequence(entry.get("jsonPointers"))):
        if isinstance(text, str) and wrong.match(text):
            meant = right.pattern.replace("(?=/|$)", "").replace(r"\d+", "0")
            yield (
                ("jsonPointers", index),
                f"{text!r} is no field of what has {had}",
                f"write {wrong.sub(meant, text)!r}",
            )


def _unknown(group: str, kind: str) -> Iterator[tuple[Pointer, str, str]]:
    """A group with its version, or one of Kubernetes' own that has no such kind."""
    if "/" in group:
        yield ("group",), f"group {group!r} holds a version", f"write {group.partition('/')[0]!r}"
    elif schemas.is_version(group):
        yield ("group",), f"group {group!r} is a version", _remedy("", kind)
    elif kind and schemas.is_builtin(group) and group not in schemas.groups(kind):
        named = f"group {group!r}" if group else "the core group"
        at: Pointer = (("group",) if group else ()) if schemas.groups(kind) else ("kind",)
        yield at, f"{named} has no such kind", _remedy(group, kind)


def _remedy(group: str, kind: str) -> str:
    known = schemas.groups(kind)
    if not known:
        kinds = schemas.kinds_of(group)
        same = next((other for other in kinds if other.lower() == kind.lower()), "")  # but for its capitals
        guess = _RESOURCES.get(kind) or same or slipped(kind, kinds)
        return f"write kind {guess!r}" if guess else "mend the kind"
    meant = known if schemas.is_partial(known[-1]) else known[-1:]
    return f"write group {' or '.join(map(repr, meant))}" if known[-1] else "remove the group"
