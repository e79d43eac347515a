"""What one environment takes from another, or lacks."""

from scaffold.rules.environments import (
    foreign_namespace,
    missing_overlay,
)
from scaffold.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    foreign_namespace,
    missing_overlay,
)
