"""What one environment takes from another, or lacks."""

from scaffold.rules.environments import (
    foreign_environment,
    foreign_namespace,
    missing_overlay,
    undeployed_overlay,
    unknown_environment,
    unregistered_repository,
)
from scaffold.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    foreign_environment,
    foreign_namespace,
    missing_overlay,
    undeployed_overlay,
    unknown_environment,
    unregistered_repository,
)
