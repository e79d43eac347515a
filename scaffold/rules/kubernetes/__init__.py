"""What the API server would refuse of an object, or a node would run otherwise than it says."""

from scaffold.rules.kubernetes import (
    conflicting_fields,
    duplicate_entry,
    floating_image,
    invalid_label,
    invalid_name,
    invalid_value,
    missing_image,
    missing_value,
    missing_volume,
    port_out_of_range,
    removed_api,
    request_above_limit,
    restart_policy,
    schema_violation,
    selector_mismatch,
    unknown_kind,
)
from scaffold.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    conflicting_fields,
    duplicate_entry,
    floating_image,
    invalid_label,
    invalid_name,
    invalid_value,
    missing_image,
    missing_value,
    missing_volume,
    port_out_of_range,
    removed_api,
    request_above_limit,
    restart_policy,
    schema_violation,
    selector_mismatch,
    unknown_kind,
)
