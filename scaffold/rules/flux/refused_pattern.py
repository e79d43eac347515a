"""A pattern of Flux is no regular expression, an extraction names no group of it, or a range is none.

An ImagePolicy with such a filter or range is refused by its controller, so that no image is chosen. An Alert ignores
such an entry of its lists, and goes by the others. A Kustomization or HelmRelease that ignores differences of a target
with such an expression fails as a whole (Flux 2.9). Expressions are those of Go (RE2).

Fails:

    # policy.yaml
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImagePolicy
    metadata:
      name: web
      namespace: flux-system
    spec:
      imageRepositoryRef:
        name: web
      filterTags:
        pattern: '^main-(?P<ts>[0-9]+)$'
        extract: '$time'
      policy:
        numerical:
          order: asc

Passes:

    # policy.yaml
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImagePolicy
    metadata:
      name: web
      namespace: flux-system
    spec:
      imageRepositoryRef:
        name: web
      filterTags:
        pattern: '^main-(?P<ts>[0-9]+)$'
        extract: '$ts'
      policy:
        numerical:
          order: asc
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scaffold.assemble import written
from scaffold.expand import UnverifiableError, regexes, version_ranges
from scaffold.model import Finding, Pointer, Repository, Severity, dig, is_variable, mapping, sequence
from scaffold.model.flux import SYNC

ID = "refused-pattern"
SEVERITY = Severity.ERROR
SCOPE = "file"
_POLICY, _ALERT = "image.toolkit.fluxcd.io/ImagePolicy", "notification.toolkit.fluxcd.io/Alert"
_DOES = {"ImagePolicy": ("is refused", Severity.ERROR), "Alert": ("ignores an expression", Severity.WARNING)}
_IGNORING: Mapping[str, Pointer] = {
    "/".join(SYNC): ("ignore",),
    "helm.toolkit.fluxcd.io/HelmRelease": ("driftDetection", "ignore"),
}
_OF_LABELS = frozenset(("labelSelector", "annotationSelector"))
_NAMED = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_GROUP = re.compile(r"\(\?P?<(\w+)>")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every pattern that is refused; one that only Go can judge is left out."""
    for manifest in written.manifests(repository, _POLICY, _ALERT):
        for pointer, value, fact in _flaws(mapping(manifest.get("spec"))):
            if not is_variable(value):
                does, severity = _DOES[manifest.kind]
                message = f"{manifest.kind} {manifest.name!r} {does}, {fact}"
                place = manifest.place("spec", *pointer)
                yield Finding(place, ID, message, severity, subject=f"{manifest.name}/{pointer[-1]}")
    for kind, where in _IGNORING.items():
        for manifest in written.manifests(repository, kind):
            for pointer, fact in _of_targets(("spec", *where), sequence(manifest.get("spec", *where))):
                message = f"{manifest.kind} {manifest.name!r} fails, {fact}"
                yield Finding(manifest.place(*pointer), ID, message, subject=f"{manifest.name}/{pointer[-1]}")


def _of_targets(where: Pointer, entries: Sequence[Any]) -> Iterator[tuple[Pointer, str]]:
    """The expressions of targets whose differences are ignored."""
    for index, entry in enumerate(entries):
        for field, text in mapping(dig(entry, "target")).items():
            if field not in _OF_LABELS and isinstance(text, str) and not is_variable(text) and _is_malformed(text):
                fact = f"{field} {text!r} of a target to ignore is no regular expression; mend it"
                yield (*where, index, "target", field), fact


def _flaws(spec: Mapping[str, Any]) -> Iterator[tuple[Pointer, str, str]]:
    for field in ("inclusionList", "exclusionList"):
        for index, text in enumerate(sequence(spec.get(field))):
            if isinstance(text, str) and _is_malformed(text):
                yield (field, index), text, f"{text!r} of {field} is no regular expression; mend it"
    yield from _filtered(mapping(spec.get("filterTags")))
    range_ = mapping(mapping(spec.get("policy")).get("semver")).get("range")
    if isinstance(range_, str) and not version_ranges.is_one(range_):
        yield ("policy", "semver", "range"), range_, f"range {range_!r} is none of semantic versions; mend it"


def _filtered(told: Mapping[str, Any]) -> Iterator[tuple[Pointer, str, str]]:
    pattern, extract = told.get("pattern"), told.get("extract")
    if not isinstance(pattern, str):
        return
    if _is_malformed(pattern):
        yield ("filterTags", "pattern"), pattern, f"pattern {pattern!r} is no regular expression; mend it"
    for name in (one or other for one, other in _NAMED.findall(extract if isinstance(extract, str) else "")):
        if not name.isdigit() and name not in _GROUP.findall(pattern):
            fact = f"extract {extract!r} names group {name!r}, which the pattern does not have; name one of it"
            yield ("filterTags", "extract"), str(extract), fact


def _is_malformed(pattern: str) -> bool:
    """Tell what is sure to be no expression; the names of groups say nothing of that."""
    try:
        regexes.compile_go(_GROUP.sub("(", pattern))
    except regexes.MalformedError:
        return True
    except UnverifiableError:
        return False
    return False
