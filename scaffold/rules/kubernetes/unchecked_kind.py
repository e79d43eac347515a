"""Kinds that others define have no schema here, so their objects are not checked.

A well-known project publishes them, or nobody here knows their group; they are spelled well as far as anybody can
tell, and nothing says whether their fields are right. Where the `strict` profile is not asked for, the
summary says so in place of a finding. Put a copy of the CustomResourceDefinitions into the repository, and they are
checked against those; all such kinds are one finding.

Fails:

    # cluster.yaml
    apiVersion: cluster.x-k8s.io/v1beta2
    kind: Cluster
    metadata:
      name: north
    spec:
      paused: true

Passes:

    # cluster.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: north
    data:
      paused: "true"
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Confidence, Finding, Repository, Severity, group_of
from scaffold.rules import schemaless

ID = "unchecked-kind"
SEVERITY = Severity.WARNING
SCOPE = "repository"
PROFILES = ("strict",)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield one finding for all kinds that others define and nobody here knows."""
    found = repository.once(schemaless.kinds)
    if items := [item for item in found if schemaless.defined_elsewhere(item, found)]:
        whose = "its CustomResourceDefinition" if len(items) == 1 else "their CustomResourceDefinitions"
        message = f"{_fact(items)}, so {schemaless.unchecked(items)}; add {whose} to the repository"
        yield Finding(schemaless.first(items), ID, message, SEVERITY, Confidence.HIGH, "published")


def _fact(items: list[schemaless.Kind]) -> str:
    groups = sorted({group_of(item.api_version) for item in items})
    if len(items) == 1:
        return f"kind {items[0].kind!r} of {items[0].api_version!r} has no schema here"
    if len(groups) == 1:
        return f"{schemaless.named(items)} of {groups[0]!r} have no schema here"
    return f"{len(items)} kinds of {schemaless.listed(groups)} have no schema here"
