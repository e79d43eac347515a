"""What one environment takes from another, or lacks."""

from scaffold.rules.environments import (
    fewer_replicas,
    foreign_environment,
    foreign_host,
    foreign_namespace,
    missing_overlay,
    missing_safeguard,
    missing_setting,
    undeployed_overlay,
    unknown_environment,
    unregistered_repository,
)
from scaffold.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    fewer_replicas,
    foreign_environment,
    foreign_host,
    foreign_namespace,
    missing_overlay,
    missing_safeguard,
    missing_setting,
    undeployed_overlay,
    unknown_environment,
    unregistered_repository,
)
