"""What the API server would refuse of an object, or a node would run otherwise than it says."""

from scaffold.rules.kubernetes import (
    floating_image,
    removed_api,
    schema_violation,
    unknown_kind,
)
from scaffold.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    floating_image,
    removed_api,
    schema_violation,
    unknown_kind,
)
