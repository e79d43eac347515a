"""What the objects of an overlay are refused for that cannot be built here, by the files that declare them.

A resource far away hides what a build gives, but a field that no schema knows stands in its file whatever is built.
What a patch may add, and what Flux fills in, is left alone.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from scaffold import load
from scaffold.assemble import references
from scaffold.model import (
    Confidence,
    Finding,
    How,
    Identity,
    LocatedFinding,
    Manifest,
    Overlay,
    Repository,
    is_variable,
)
from scaffold.nearest import slipped
from scaffold.rules import Rule
from scaffold.validate import asking, excuses, locating, plain, unread
from scaffold.validate.reach import ADDING, Reach

_ASKED = frozenset(
    "duplicate-entry encrypted-without-decryption invalid-label invalid-name invalid-schedule invalid-value "
    "malformed-patch port-out-of-range refused-alert refused-number removed-api restart-policy schema-violation "
    "server-field unreadable-query unreadable-variable void-role-rule".split()
)
# What a patch may add or take away.
UNPATCHED = frozenset(
    "bound-cluster-admin conflicting-fields host-namespace host-path lone-hook-delete-policy missing-image "
    "missing-value privileged-container reachable-control-plane request-above-limit wildcard-role".split()
)
# And what is told of a part by itself as well, though a patch may mend it.
_ALONE = UNPATCHED | frozenset(("foreign-host", "uncovered-host", "unknown-probe-port"))
# The same, of which nothing is mended by what is built on a part.
_WHOLE = frozenset(
    "blocking-budget foreign-namespace kind-before-definition missing-config-key missing-secret-key needed-too-early "
    "unknown-target-port".split()
)
# What more in the object would mend, and what an object that is elsewhere would: only a slip is sure.
_SLIPS = frozenset(("missing-backend", "missing-config", "missing-role", "missing-scale-target", "missing-volume"))
_SETTLED = frozenset(("misspelled-reference",))  # by all overlays together
_LISTENER, _ROLE = "unknown-listener", "missing-role"
# What the other charts that one depends on cannot mend.
_OF_CHARTS = frozenset(
    "blocking-budget floating-image foreign-host foreign-namespace kind-before-definition missing-config-key "
    "missing-secret-key needed-too-early selector-mismatch uncovered-host unknown-probe-port unmatched-spread".split()
)
_FILLED = ("${", "$(")  # what variables of Flux begin with, and those of kustomize
_WORD = re.compile(r"(?i)(?:y|n|yes|no|on|off)\s*(?:#.*)?$")
_LABELS, _VARIABLE = "selector-mismatch", "unreadable-variable"
_LABELLING = ("commonLabels", "labels")
_IMAGE = "floating-image"
_IMAGING = ("images",)
_RENAMING = ("namespace",)  # which a Namespace is called by afterwards, too (kustomize 5.8)


def findings(
    root: Path, repository: Repository, overlay: Overlay, rules: Sequence[Rule], error: str = ""
) -> Iterator[LocatedFinding]:
    """Yield what some rules say of each object as its file has it, but of one that the error itself speaks of."""
    if overlay.path not in repository.kustomizations:
        return
    declared = plain.objects(root, _declaring(repository, overlay))
    manifests = tuple(item for item in declared if not (item.kind in error and item.name in error))
    partial = overlay.build is not None or _adds(repository, overlay)
    own = _ALONE | (set() if partial else _WHOLE)
    own |= set() if _has(repository, overlay, _LABELLING) else {_LABELS}
    own |= set() if overlay.build or _has(repository, overlay, _IMAGING) else {_IMAGE}
    told = _told(root, repository, dataclasses.replace(overlay, partial=partial), rules, manifests, own)
    patched, renamed = Reach.of(repository, overlay), _has(repository, overlay, _RENAMING)
    for each in told:
        mended = (each.rule in _ALONE or each.rule == _IMAGE) and patched.may_mend(each)
        named = each.rule == "invalid-name"
        mended |= named and (patched.may_mend(each) or (renamed and each.message.startswith("Namespace ")))
        if not (mended or _is_word(root, each)):
            yield each


def of_parts(repository: Repository, overlay: Overlay, rules: Sequence[Rule]) -> Iterator[Finding]:
    """Yield the same of what a part makes by itself that depends on others; `unless` is left where others may tell.

    A part is a chart without those that it depends on, or a build without what is far.
    """
    slice_ = dataclasses.replace(repository, overlays={overlay.name: overlay})
    wanted = _ASKED | _SLIPS | UNPATCHED | _SETTLED | _OF_CHARTS | {_LISTENER}
    wanted |= _WHOLE | _ALONE if overlay.how is not How.HELM else frozenset()
    found = (finding for rule in rules if rule.ID in wanted for finding in asking.findings(rule, slice_))
    charted = overlay.how is How.HELM  # whose other charts may mend more than what a build lacks
    for each in (_at_listener(overlay, finding) for finding in found):
        sure = _is_sure(repository, each, partial=charted and each.rule not in _OF_CHARTS)
        if sure or each.rule in _SETTLED or _is_for_idle_role(repository, overlay, each):
            yield each


def _at_listener(overlay: Overlay, finding: Finding) -> Finding:
    """The finding, for good where it is about a listener of a Gateway that a part makes: it has all of them itself."""
    wanted = finding.unless
    if finding.rule != _LISTENER or wanted is None:
        return finding
    gateway = wanted.namespace, wanted.name.rpartition("/")[0]
    whole = [each for each in overlay.of(f"{wanted.group}/Gateway") if (each.namespace, each.name) == gateway]
    names = [listener.name for each in whole for listener in references.makes(each)]
    told = whole and not any(name == wanted.name or is_variable(name) for name in names)
    return finding._replace(confidence=Confidence.HIGH, unless=None) if told else finding


def _is_for_idle_role(repository: Repository, overlay: Overlay, finding: Finding) -> bool:
    """Tell whether a Role was meant that a part makes and does not bind: it is of no use to what is not seen here."""
    wanted = finding.unless
    if finding.rule != _ROLE or not finding.guess or wanted is None or wanted.kind != "Role":
        return False
    bindings = overlay.of(f"{wanted.group}/RoleBinding")
    bound = any(each.get("roleRef", "name") == finding.guess for each in bindings)
    return not bound and not _is_declared(repository, wanted)


def _told(
    root: Path,
    repository: Repository,
    overlay: Overlay,
    rules: Sequence[Rule],
    manifests: tuple[Manifest, ...],
    own: AbstractSet[str],
) -> Iterator[LocatedFinding]:
    """What rules say of objects as they stand: those that always ask, and `own` for what is known of these."""
    refused = tuple(unread.refusals(manifests, overlay.build.variables)) if overlay.build else ()
    full = dataclasses.replace(overlay, manifests=manifests, refused=refused, skipped="")
    slice_ = dataclasses.replace(repository, overlays={overlay.name: full})
    wanted = _ASKED | _SLIPS | own
    asked = (finding for rule in rules if rule.ID in wanted for finding in asking.findings(rule, slice_))
    sure = (finding for finding in asked if _is_sure(repository, finding, partial=overlay.partial))
    found = [f._replace(unless=None) for f in sure if f.rule == _VARIABLE or not _is_open(manifests, f)]
    yield from locating.in_files(root, excuses.marked(found, excuses.of_manifests(manifests)) if found else ())


def _is_word(root: Path, finding: LocatedFinding) -> bool:
    """Tell whether a finding is about a word such as `Off`, which kustomize 5.8 takes for a string and quotes."""
    path, line, column = finding.location
    text = "".join(locating.lines(root, path)[line - 1 : line])[column - 1 :]
    return finding.rule == "schema-violation" and bool(_WORD.match(text))


def _declaring(repository: Repository, overlay: Overlay) -> list[str]:
    """The files that an overlay and its bases list as resources."""
    _, leaves = load.closure(overlay.path, repository.kustomizations)
    listed = {leaf.target for leaf in leaves if leaf.field == "resources" and not leaf.remote}
    return sorted(listed & repository.files.keys())


def _adds(repository: Repository, overlay: Overlay) -> bool:
    """Tell whether something may give an object a field that its file lacks."""
    return _has(repository, overlay, ADDING)


def _has(repository: Repository, overlay: Overlay, fields: Iterable[str]) -> bool:
    entered, _ = load.closure(overlay.path, repository.kustomizations)
    levels = [repository.kustomizations[directory].manifest for directory in entered]
    return any(level.get(field) for level in levels for field in fields)


def _is_sure(repository: Repository, finding: Finding, *, partial: bool) -> bool:
    """Tell whether nothing that is not seen here can mend what is wrong."""
    if finding.unless is not None and _is_declared(repository, finding.unless):
        return False
    slip = bool(finding.guess) and (finding.unless is None or bool(slipped(finding.unless.name, [finding.guess])))
    return slip or not (finding.unless or (partial and finding.rule in (*_SLIPS, _LABELS)))


def _is_declared(repository: Repository, wanted: Identity) -> bool:
    heads = (head for file in repository.files.values() for head in file.heads)
    return any((head.group, head.kind, head.name) == (wanted.group, wanted.kind, wanted.name) for head in heads)


def _is_open(manifests: Iterable[Manifest], finding: Finding) -> bool:
    """Tell whether a finding is about a value that a variable fills in."""
    place = finding.place
    about = (item for item in manifests if (item.path, item.document) == (place.path, place.document))
    values = [str(item.get(*place.pointer)) for item in about]
    return any(mark in value for value in values for mark in _FILLED)
