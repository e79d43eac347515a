"""What Kustomize refuses, or does not do although it is written."""

from scaffold.rules.kustomize import (
    deleted_need,
    deprecated_kustomize_field,
    invalid_kustomization,
    left_out_definition,
    missing_resource,
    orphan_manifest,
    overwritten_patch,
    render_failure,
    unmatched_image,
    unmatched_patch,
    unmatched_replacement,
)
from scaffold.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    deleted_need,
    deprecated_kustomize_field,
    invalid_kustomization,
    left_out_definition,
    missing_resource,
    orphan_manifest,
    overwritten_patch,
    render_failure,
    unmatched_image,
    unmatched_patch,
    unmatched_replacement,
)
