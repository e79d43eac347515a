"""What one environment takes from another, or lacks."""

from scaffold.rules.environments import (
    contested_host,
    fewer_replicas,
    foreign_branch,
    foreign_environment,
    foreign_host,
    foreign_namespace,
    lower_limit,
    missing_application,
    missing_overlay,
    missing_safeguard,
    missing_setting,
    misspelled_value,
    shifted_index,
    undeployed_overlay,
    unknown_environment,
    unregistered_repository,
    untried_version,
    unused_value,
)
from scaffold.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    contested_host,
    fewer_replicas,
    foreign_branch,
    foreign_environment,
    foreign_host,
    foreign_namespace,
    lower_limit,
    missing_application,
    missing_overlay,
    missing_safeguard,
    missing_setting,
    misspelled_value,
    shifted_index,
    undeployed_overlay,
    unknown_environment,
    unregistered_repository,
    untried_version,
    unused_value,
)
