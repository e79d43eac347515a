"""A policy of Kyverno is for a kind that does not exist.

Kinds are compared letter by letter with those of the cluster, so `Namespaces` and `namespace` are none: Kyverno 1.13
and older refuse the policy, newer ones warn and never apply it to what was meant. Told is what can only mean a kind
of Kubernetes itself: its plural, other capitals, or a slip in a longer name. Looked at are the kinds that policies,
those that clean up, and exceptions match or exclude, not patterns with `*` or `?`, nor parts as `Pod/exec`.

Fails:

    # policy.yaml
    apiVersion: kyverno.io/v1
    kind: ClusterPolicy
    metadata:
      name: team-label
    spec:
      rules:
        - name: team-label
          match:
            any:
              - resources:
                  kinds: [Namespaces]
          validate:
            failureAction: Enforce
            message: Namespaces say which team they are of.
            pattern:
              metadata:
                labels:
                  team: "?*"

Passes:

    # policy.yaml
    apiVersion: kyverno.io/v1
    kind: ClusterPolicy
    metadata:
      name: team-label
    spec:
      rules:
        - name: team-label
          match:
            any:
              - resources:
                  kinds: [Namespace]
          validate:
            failureAction: Enforce
            message: Namespaces say which team they are of.
            pattern:
              metadata:
                labels:
                  team: "?*"
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold import schemas
from scaffold.model import Finding, Manifest, Overlay, Pointer, Repository, Severity
from scaffold.nearest import slipped
from scaffold.rules.listed import ANY, values
from scaffold.rules.resources import singular

ID = "unknown-policy-kind"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_POLICIES = tuple(
    f"kyverno.io/{kind}"
    for kind in ("CleanupPolicy", "ClusterCleanupPolicy", "ClusterPolicy", "Policy", "PolicyException")
)
_PLACES: tuple[Pointer, ...] = tuple(
    (*where, choice, *inner, "resources", "kinds", ANY)
    for where in (("spec",), ("spec", "rules", ANY))
    for choice in ("match", "exclude")
    for inner in ((), ("any", ANY), ("all", ANY))
)
_NAMED = re.compile(r"(?:(?:([a-z0-9.-]{1,253})/(?:v\d\w{0,20}|\*)|v\d\w{0,20})/)?([A-Za-z]{1,63})\Z")
_LONG = 6  # letters, below which kinds of others may be but one away


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every kind that is none, and means one of Kubernetes."""
    for overlay in repository.overlays.values():
        for policy in overlay.of(*_POLICIES):
            for place in _PLACES:
                for pointer, value in values(policy.data, place):
                    if meant := _meant(overlay, str(value)):
                        yield _finding(policy, pointer, str(value), meant)


def _finding(policy: Manifest, pointer: Pointer, value: str, meant: str) -> Finding:
    fact = f"{policy.kind} {policy.name!r} {'excludes' if 'exclude' in pointer else 'is for'} kind {value!r}"
    message = f"{fact}, which does not exist; did you mean {meant!r}?"
    return Finding(policy.place(*pointer), ID, message, SEVERITY)


def _meant(overlay: Overlay, value: str) -> str:
    """The kind of Kubernetes that a text means, if it is no kind that anybody knows."""
    found = _NAMED.match(value)
    if not found or not schemas.is_builtin(found[1] or "") or schemas.groups(found[2]):
        return ""
    if any(found[2] == manifest.kind for manifest in overlay.manifests):
        return ""
    kind, known = found[2].lower(), sorted(schemas.builtin_kinds())
    alike = next((each for each in known if each.lower() in (kind, singular(kind))), "")
    meant = alike or (slipped(found[2], known) if len(kind) >= _LONG else "")
    return f"{value.removesuffix(found[2])}{meant}" if meant else ""
