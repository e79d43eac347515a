"""What is wrong in the repository's own CI, and what it lets strangers do."""

from scaffold.rules.pipelines import (
    missed_directory,
    overruled_code_owner,
    unknown_event,
    unknown_job,
    unlimited_token,
    unnoticed_build_failure,
    unpinned_action,
    untrusted_checkout,
)
from scaffold.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    missed_directory,
    overruled_code_owner,
    unknown_event,
    unknown_job,
    unlimited_token,
    unnoticed_build_failure,
    unpinned_action,
    untrusted_checkout,
)
