"""What is checked: one module per rule, its docstring the manual, in a registry that can be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from scaffold.model import Finding, Repository, Severity
from scaffold.rules import (
    colliding_applications,
    deprecated_kustomize_field,
    duplicate_key,
    failing_generator,
    floating_image,
    forbidden_destination,
    forbidden_kind,
    forbidden_source,
    foreign_namespace,
    invalid_kustomization,
    long_application_name,
    missing_overlay,
    missing_path,
    missing_resource,
    not_rendered,
    orphan_manifest,
    plain_secret,
    project_wildcard,
    removed_api,
    render_failure,
    schema_violation,
    unchecked_template_key,
    undefined_project,
    ungated_sync,
    unknown_kind,
    unmatched_image,
    unmatched_patch,
    unused_ignore,
    yaml_syntax,
)

FILE = "file"
OVERLAY = "overlay"
REPOSITORY = "repository"
RESULT = "result"


class Rule(Protocol):
    """A module; its docstring is the rule's documentation.

    SCOPE says what `check` sees at a time: one file with all its documents, one overlay with its rendered manifests, or
    the whole repository, where files keep only what spans them, or that together with what all other rules found. A
    rule looks at nothing beyond its scope, because results are cached by it. What a promotion changes every day, image
    tags and digests, is in the scopes `file` and `overlay` only: elsewhere every tag is one word, and objects have no
    images.
    """

    __doc__: str | None
    ID: str
    SEVERITY: Severity
    SCOPE: str

    def check(self, repository: Repository) -> Iterator[Finding]: ...


RULES: dict[str, Rule] = {
    rule.ID: rule
    for rule in (
        colliding_applications,
        deprecated_kustomize_field,
        duplicate_key,
        failing_generator,
        floating_image,
        forbidden_destination,
        forbidden_kind,
        forbidden_source,
        foreign_namespace,
        invalid_kustomization,
        long_application_name,
        missing_overlay,
        missing_path,
        missing_resource,
        not_rendered,
        orphan_manifest,
        plain_secret,
        project_wildcard,
        removed_api,
        render_failure,
        schema_violation,
        unchecked_template_key,
        undefined_project,
        ungated_sync,
        unknown_kind,
        unmatched_image,
        unmatched_patch,
        unused_ignore,
        yaml_syntax,
    )
}


def sentence(rule: Rule) -> str:
    """The first sentence of a rule's manual."""
    return (rule.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")
